import { crc32 } from "node:zlib";
import type { MountPoint, Volume } from "@aws-sdk/client-ecs";
import type { TaskManifest } from "../manifest/load.ts";
import { textOrImport } from "./environment.ts";
import type { Later, Pending } from "./later.ts";
import { sortedEntries } from "./names.ts";
import type { AccessPointPlan } from "./workload-plan.ts";

type VolumeManifest = NonNullable<NonNullable<TaskManifest["storage"]>["volumes"]>[string];
type Efs = Exclude<NonNullable<VolumeManifest["efs"]>, boolean>;

/** The volumes of a task: the managed one first, empty ones without a configuration. */
export function volumes({ storage }: TaskManifest): Pending<Volume, Later>[] {
  const all = sortedEntries(storage?.volumes);
  return all
    .toSorted(([, a], [, b]) => Number(isManaged(b)) - Number(isManaged(a)))
    .map(([name, volume]) => ({
      name,
      ...(isManaged(volume) && { efsVolumeConfiguration: managed }),
      ...(!isManaged(volume) && typeof volume.efs === "object" && { efsVolumeConfiguration: named(volume.efs) }),
    }));
}

const managed: Pending<NonNullable<Volume["efsVolumeConfiguration"]>, Later> = {
  fileSystemId: { env: "ManagedFileSystemID" },
  rootDirectory: "/",
  transitEncryption: "ENABLED",
  authorizationConfig: { accessPointId: { ref: "access-point" }, iam: "ENABLED" },
};

function named({ id, root_dir, auth }: Efs): Pending<NonNullable<Volume["efsVolumeConfiguration"]>, Later> {
  return {
    fileSystemId: textOrImport(id ?? ""),
    rootDirectory: root_dir || "/",
    transitEncryption: "ENABLED",
    authorizationConfig: {
      ...(auth?.access_point_id !== undefined && { accessPointId: auth.access_point_id }),
      iam: auth?.iam === true ? "ENABLED" : "DISABLED",
    },
  };
}

/** Where each volume appears in the main container. */
export function mountPoints({ storage }: TaskManifest): MountPoint[] {
  return sortedEntries(storage?.volumes).map(([name, { path, read_only = true }]) => ({
    sourceVolume: name,
    containerPath: path,
    readOnly: read_only,
  }));
}

/** The way into the environment's file system, where a volume lies in it. */
export function accessPoint({ name, storage }: TaskManifest): AccessPointPlan | undefined {
  const volume = Object.values(storage?.volumes ?? {}).find(isManaged);
  if (!volume) return undefined;
  const given = typeof volume.efs === "object" ? volume.efs : {};
  const { uid = crc32(name), gid = crc32(name) } = given;
  return { uid, gid, path: `/${name}` };
}

/** File systems that the manifest names, with what their volumes may do. */
export function namedFileSystems({
  storage,
}: TaskManifest): { id: string | Later; accessPoint?: string; writes: boolean }[] {
  return sortedEntries(storage?.volumes).flatMap(([, volume]) => {
    if (isManaged(volume) || typeof volume.efs !== "object") return [];
    const { id = "", auth } = volume.efs;
    const accessPointId = auth?.access_point_id;
    return [
      {
        id: textOrImport(id),
        ...(accessPointId !== undefined && { accessPoint: accessPointId }),
        writes: volume.read_only === false,
      },
    ];
  });
}

/** Whether the managed volume may be written to. */
export function writesManaged({ storage }: TaskManifest): boolean {
  return Object.values(storage?.volumes ?? {}).some((volume) => isManaged(volume) && volume.read_only === false);
}

export function isManaged({ efs }: VolumeManifest): boolean {
  return efs === true || (typeof efs === "object" && (efs.uid !== undefined || efs.gid !== undefined));
}
