import { logRouter } from "../manifest/containers.ts";
import type { TaskManifest } from "../manifest/load.ts";
import { finishedImages, imageBuilds } from "./image-builds.ts";
import { sortedEntries } from "./names.ts";
import { PlanRefused } from "./plan-refused.ts";
import { printableTaskDefinition } from "./resolve.ts";
import { executionRole, taskRole } from "./roles.ts";
import type { PlanInput } from "./service-plan-input.ts";
import { taskDefinition } from "./task-definition.ts";
import { topics } from "./topics.ts";
import { accessPoint } from "./volumes.ts";
import type { EnvFilePlan, TaskPlan } from "./workload-plan.ts";

/** The part of a plan that everything has that runs as tasks of ECS.
 *  @throws PlanRefused when ECS would not take the task definition */
export function planTask(input: PlanInput): TaskPlan {
  const { manifest, app, env } = input;
  const files = envFiles(manifest);
  const point = accessPoint(manifest);
  const plan: TaskPlan = {
    app,
    env,
    name: manifest.name,
    builds: imageBuilds(manifest),
    images: finishedImages(manifest),
    envFiles: files,
    taskDefinition: taskDefinition(input),
    topics: topics(input),
    ...(point && { accessPoint: point }),
    roles: { execution: executionRole(input, files), task: taskRole(input) },
    logRetentionDays: manifest.logging?.retention ?? 30,
  };
  checkSize(plan);
  return plan;
}

/** The environment files of the containers, the main one first. */
function envFiles({ name, env_file, logging, sidecars }: TaskManifest): EnvFilePlan[] {
  const all = [
    { container: name, path: env_file },
    { container: logRouter, path: logging?.env_file },
    ...sortedEntries(sidecars).map(([container, sidecar]) => ({ container, path: sidecar.env_file })),
  ];
  return all.flatMap(({ container, path }) => (path === undefined ? [] : [{ container, path }]));
}

const sizeLimit = 65_536;

function checkSize(plan: TaskPlan): void {
  // References are hardly longer than what they stand for: most task definitions are far from the limit.
  if (JSON.stringify(plan.taskDefinition).length < sizeLimit / 8) return;
  const size = Buffer.byteLength(JSON.stringify(printableTaskDefinition(plan)));
  if (size <= sizeLimit) return;
  throw new PlanRefused(
    "task/definition-size",
    ["name"],
    `the task definition has ${size} bytes, and ECS takes ${sizeLimit}`,
    "keep large values in a file of the image, or in an `env_file`",
  );
}
