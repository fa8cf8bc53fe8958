import { environmentOf } from "./environment.ts";
import { RuntimeError } from "./runtime.ts";
import type { TaskToRun } from "./runtime.ts";
import { definitionOf } from "./task-definition.ts";

/** The only capability that Fargate adds. */
const fargateCapability = "SYS_PTRACE";

/** Looks for what would go wrong with any runtime.
 *  @throws RuntimeError ClientException for what Fargate refuses, ResourceInitializationError for a value that is missing */
export function checkTask(task: TaskToRun): void {
  const { containerDefinitions = [], volumes = [] } = task.plan.taskDefinition;
  for (const { name, host, dockerVolumeConfiguration } of volumes)
    if (host?.sourcePath !== undefined || dockerVolumeConfiguration !== undefined)
      throw new RuntimeError("ClientException", `volume ${name}: Fargate mounts no folders of a host, only EFS`);
  for (const { name = "", mountPoints = [] } of containerDefinitions) {
    for (const { sourceVolume } of mountPoints)
      if (!volumes.some((volume) => volume.name === sourceVolume))
        throw new RuntimeError("ClientException", `Unknown volume '${sourceVolume}'.`, name);
    const added = definitionOf(task, name).linuxParameters?.capabilities?.add ?? [];
    const refused = added.find((capability) => capability !== fargateCapability);
    if (refused !== undefined)
      throw new RuntimeError(
        "ClientException",
        `Fargate adds no capability but ${fargateCapability}: ${refused}`,
        name,
      );
    environmentOf(task, name);
  }
}
