import type { Path } from "../problems.ts";
import { listed, quoted } from "../words.ts";
import { type ReadManifest, type Report, rule } from "./rule.ts";

type Volume = NonNullable<NonNullable<NonNullable<ReadManifest["storage"]>["volumes"]>[string]>;
type Efs = Exclude<NonNullable<Volume["efs"]>, boolean>;

/** Whether a volume lies in the file system that the environment manages. */
function isManaged({ efs }: Volume): boolean {
  return efs === true || (typeof efs === "object" && (efs.uid !== undefined || efs.gid !== undefined));
}

export const volumes = rule("storage/volumes", ["storage.volumes/**"], ({ storage }, report) => {
  let managed: string | undefined;
  const paths = new Map<string, string>();
  for (const [name, volume] of Object.entries(storage?.volumes ?? {})) {
    if (!volume) continue;
    const at = ["storage", "volumes", name];
    if (!/^[A-Za-z0-9_-]{1,255}$/.test(name))
      report(at, `${quoted(name)} is no name of a volume: letters, digits, - and _ only, 255 at most`);
    if (volume.path !== undefined) {
      const place = volume.path.replace(/(?<=.)\/+$/, "");
      const other = paths.get(place);
      if (other !== undefined)
        report([...at, "path"], `the volume ${quoted(other)} appears at ${quoted(volume.path)} already`);
      paths.set(place, name);
    }
    if (isManaged(volume)) {
      if (managed !== undefined)
        report(
          [...at, "efs"],
          `the volume ${quoted(managed)} is managed already, and a service has one managed file system`,
          {
            hint: "name the file system of the other: `efs: { id: fs-12345678 }`",
          },
        );
      managed ??= name;
    }
    if (typeof volume.efs === "object") checkEfs([...at, "efs"], volume.efs, report);
  }
});

function checkEfs(at: Path, { id, root_dir, auth, uid, gid }: Efs, report: Report): void {
  const named = id !== undefined || root_dir !== undefined || auth !== undefined;
  if (uid === undefined && gid === undefined && id === undefined) {
    return report(at, "`efs` does not say which file system", {
      hint: "write `efs: { id: fs-12345678 }`, or `efs: true` for the one that the environment manages",
    });
  }
  if (named && (uid !== undefined || gid !== undefined)) {
    return report(
      [...at, uid === undefined ? "gid" : "uid"],
      "`uid` and `gid` are for the managed file system; `id`, `root_dir` and `auth` for another one",
      {
        hint: "keep the ones or the others",
      },
    );
  }
  if ((uid === undefined) !== (gid === undefined))
    report(at, `\`efs\` has ${uid === undefined ? "`gid` without `uid`" : "`uid` without `gid`"}`, {
      hint: "give both",
    });
  if (uid === 0) report([...at, "uid"], "`uid` must not be 0, which is root");
  if (auth?.access_point_id === undefined) return;
  if (root_dir !== undefined && root_dir !== "" && root_dir !== "/")
    report([...at, "root_dir"], "an access point has a root folder of its own", { hint: "leave out `root_dir`" });
  if (auth.iam === false)
    report([...at, "auth", "iam"], "an access point needs `iam: true`", { hint: "write `iam: true`" });
  if (auth.iam === undefined)
    report(
      [...at, "auth", "access_point_id"],
      "without `iam: true` the task's role is not asked for this access point",
      {
        hint: "add `iam: true` under `auth`",
        severity: "warning",
      },
    );
}

/** A mount point names a volume that is there, and a path has one volume. */
export const mountPoints = rule(
  "sidecars/mount-points",
  ["storage.volumes", "sidecars/**", "taskdef_overrides"],
  ({ storage, sidecars, taskdef_overrides: overrides = [] }, report, { hasOverrides = false }) => {
    const addsVolumes = overrides.some((each) => /^volumes\b/i.test(each?.path ?? ""));
    const known = Object.keys(storage?.volumes ?? {});
    for (const [name, sidecar] of Object.entries(sidecars ?? {})) {
      const paths = new Set<string>();
      for (const [i, point] of (sidecar?.mount_points ?? []).entries()) {
        const at = ["sidecars", name, "mount_points", i];
        const volume = point?.source_volume;
        if (volume !== undefined && !known.includes(volume) && !addsVolumes) {
          report([...at, "source_volume"], `there is no volume ${quoted(volume)}`, {
            ...(hasOverrides && { severity: "warning" }),
            hint: hasOverrides
              ? "ECS takes this only when the patches in `overrides` add it"
              : known.length > 0
                ? `the volumes are ${listed(known.map(quoted), "and")}`
                : `add it under \`storage.volumes\``,
          });
        }
        if (point?.path === undefined) continue;
        if (paths.has(point.path))
          report([...at, "path"], `another mount point has the path ${quoted(point.path)} already`);
        paths.add(point.path);
      }
    }
  },
);
