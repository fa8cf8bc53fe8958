import { platformOf } from "../platform.ts";
import { rule } from "./rule.ts";

export const platformPair = rule("platform/pair", ["platform/**"], (manifest, report) => {
  const { isWindows, isArm } = platformOf(manifest);
  if (isWindows && isArm)
    report("platform.architecture", "Windows runs on x86_64 only", { hint: "write `architecture: x86_64`" });
});

/** What Fargate does not do with Windows. */
export const windowsLimits = rule("platform/windows", ["platform/**", "storage/**", "network"], (manifest, report) => {
  if (!platformOf(manifest).isWindows) return;
  if (manifest.storage?.readonly_fs === true)
    report("storage.readonly_fs", "a Windows container cannot have a read-only file system");
  for (const [name, volume] of Object.entries(manifest.storage?.volumes ?? {})) {
    if (volume?.efs !== undefined && volume.efs !== false)
      report(["storage", "volumes", name, "efs"], "a Windows task cannot use EFS");
  }
  const connect = manifest.network?.connect;
  if (connect !== undefined && connect !== false)
    report("network.connect", "Service Connect does not run with Windows", { hint: "write `connect: false`" });
});

/** Fargate Spot has no ARM. */
export const armLimits = rule("platform/arm", ["platform/**", "count"], (manifest, report) => {
  const { count } = manifest;
  if (!platformOf(manifest).isArm || typeof count !== "object") return;
  const hint = "use linux/x86_64, or leave Spot out";
  if (count.spot !== undefined) report("count.spot", "Fargate Spot has no ARM processors", { hint });
  if (typeof count.range === "object" && count.range.spot_from !== undefined)
    report("count.range.spot_from", "Fargate Spot has no ARM processors", { hint });
});
