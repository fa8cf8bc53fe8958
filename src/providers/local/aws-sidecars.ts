import { addedContainers, awsLogs } from "../../plan/container-definitions.ts";
import type { WorkloadPlan } from "../../plan/workload-plan.ts";

type Container = NonNullable<WorkloadPlan["taskDefinition"]["containerDefinitions"]>[number];

/** The containers that Copilot adds to a task, by name: the log router and the trace collector hand on to AWS. A sidecar
 *  of the user's own cannot have such a name. */
export function awsSidecars({ taskDefinition }: WorkloadPlan): string[] {
  const names = (taskDefinition.containerDefinitions ?? []).map(({ name }) => String(name));
  return names.filter((name) => addedContainers.some((added) => added === name));
}

/** The plan without them. Nothing waits for them any more, and the logs that were routed are kept as all others are. */
export function withoutAwsSidecars(plan: WorkloadPlan): WorkloadPlan {
  const left = awsSidecars(plan);
  if (left.length === 0) return plan;
  const isLeft = (name: unknown) => left.includes(String(name));
  const containers = (plan.taskDefinition.containerDefinitions ?? []).filter(({ name }) => !isLeft(name));
  return {
    ...plan,
    ...(plan.envFiles && { envFiles: plan.envFiles.filter(({ container }) => !isLeft(container)) }),
    taskDefinition: { ...plan.taskDefinition, containerDefinitions: containers.map((one) => without(one, isLeft)) },
  };
}

function without({ dependsOn, ...container }: Container, isLeft: (name: unknown) => boolean): Container {
  const kept = (dependsOn ?? []).filter(({ containerName }) => !isLeft(containerName));
  const isRouted = container.logConfiguration?.logDriver === "awsfirelens";
  return {
    ...container,
    ...(kept.length > 0 && { dependsOn: kept }),
    ...(isRouted && { logConfiguration: awsLogs }),
  };
}
