import { lstatSync } from "node:fs";
import { join, posix } from "node:path";
import { RuntimeError } from "./runtime.ts";
import type { AccessPoint, TaskToRun } from "./runtime.ts";

/** The folder on this machine that stands for a directory of an EFS file system. */
export interface EfsFolder {
  volume: string;
  fileSystem: string;
  /** Of the whole file system. */
  root: string;
  /** Below `root`, in POSIX form without a leading slash; empty for all of it. */
  directory: string;
  path: string;
  /** Whose the directory is when it has to be made: the access point's. */
  owner: AccessPoint | undefined;
}

/** The folders of a task's EFS volumes: `<folder>/<file system>/<root directory>`. An access point that nothing is known
 *  of has a directory of its name.
 *  @throws RuntimeError CannotCreateVolumeError */
export function efsFolders(task: TaskToRun, folder: string | undefined): EfsFolder[] {
  const found: EfsFolder[] = [];
  for (const { name: volume = "", efsVolumeConfiguration: efs } of task.plan.taskDefinition.volumes ?? []) {
    if (efs === undefined) continue;
    if (folder === undefined) throw cannotCreate(volume, "there is no folder for EFS file systems");
    const fileSystem = efs.fileSystemId ?? "";
    if (!/^\w[\w.-]*$/.test(fileSystem)) throw cannotCreate(volume, `'${fileSystem}' names no file system`);
    const id = efs.authorizationConfig?.accessPointId;
    const owner = id === undefined ? undefined : task.accessPoints?.[id];
    const unknown = id !== undefined && owner === undefined ? `.access-points/${encodeURIComponent(id)}` : "";
    const wanted = owner?.path ?? (unknown || (efs.rootDirectory ?? "/"));
    const directory = posix.normalize(`/${wanted}`).replace(/^\/+|\/+$/g, "");
    const root = join(folder, fileSystem);
    const path = join(root, directory);
    refuseLinks(volume, root, directory);
    found.push({ volume, fileSystem, root, directory, path, owner });
  }
  return found;
}

/** Programs in containers may write links, which the Engine would follow on this machine. */
function refuseLinks(volume: string, root: string, directory: string): void {
  const steps = directory.split("/").map((_, index, all) => all.slice(0, index + 1).join("/"));
  for (const step of ["", ...steps])
    if (lstatSync(join(root, step), { throwIfNoEntry: false })?.isSymbolicLink())
      throw cannotCreate(volume, `/${step} is a symbolic link`);
}

function cannotCreate(volume: string, why: string): RuntimeError {
  return new RuntimeError("CannotCreateVolumeError", `volume ${volume}: ${why}`);
}
