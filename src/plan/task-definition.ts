import type { RuntimePlatform } from "@aws-sdk/client-ecs";
import { platformOf } from "../manifest/platform.ts";
import { containerDefinitions } from "./container-definitions.ts";
import { checkOverridden } from "./fargate-limits.ts";
import { overridden } from "./overrides.ts";
import type { PlanInput } from "./service-plan-input.ts";
import { volumes } from "./volumes.ts";
import type { WorkloadPlan } from "./workload-plan.ts";

/** The size of the disk that every task has. */
const defaultDisk = 20;

/** The task definition as Copilot renders it. */
export function taskDefinition(input: PlanInput): WorkloadPlan["taskDefinition"] {
  const { manifest, app, env } = input;
  const disk = manifest.storage?.ephemeral ?? defaultDisk;
  const all = volumes(manifest);
  const platform = runtimePlatform(input);
  const rendered: WorkloadPlan["taskDefinition"] = {
    family: `${app}-${env}-${manifest.name}`,
    ...(platform && { runtimePlatform: platform }),
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    cpu: String(manifest.cpu ?? 256),
    memory: String(manifest.memory ?? 512),
    ...(disk !== defaultDisk && { ephemeralStorage: { sizeInGiB: disk } }),
    executionRoleArn: { ref: "execution-role" },
    taskRoleArn: { ref: "task-role" },
    containerDefinitions: containerDefinitions(input),
    ...(all.length > 0 && { volumes: all }),
  };
  const { taskdef_overrides: overrides = [] } = manifest;
  if (overrides.length === 0) return rendered;
  const result = overridden(rendered, overrides);
  checkOverridden(
    result,
    overrides.map(({ path: each }) => each),
  );
  return result;
}

/** Absent for Linux on x86, which is Fargate's default. */
function runtimePlatform({ manifest }: PlanInput): RuntimePlatform | undefined {
  const { family, isWindows, isArm } = platformOf(manifest);
  if (!isWindows && !isArm) return undefined;
  const name = family === "windows" ? "windows_server_2019_core" : family;
  return {
    operatingSystemFamily: name.toUpperCase() as RuntimePlatform["operatingSystemFamily"],
    cpuArchitecture: isArm ? "ARM64" : "X86_64",
  };
}
