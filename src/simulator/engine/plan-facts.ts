import type { TargetGroupPlan } from "../../plan/workload-plan.ts";
import { targetGroupId } from "./names.ts";
import type { Deployment, DeploymentSpec, Task } from "./state.ts";

/** What the engine reads from a deployment's plan, with AWS's defaults. Times in milliseconds of AWS or of the user. */

const SECOND = 1000;

/** When a container may start, seen from one that it depends on. */
export type DependencyCondition = "START" | "COMPLETE" | "SUCCESS" | "HEALTHY";

export interface ContainerFacts {
  name: string;
  essential: boolean;
  dependsOn: readonly { container: string; condition: DependencyCondition }[];
  /** How long containers wait for this one to become what they need, from its start; without limit when absent. */
  startTimeout?: number;
  stopTimeoutSeconds: number;
  /** It has a health check of the task definition; an image's own does not count. */
  checked: boolean;
  /** It is started again when it had been running for so long and its exit code is not one of these. */
  restart?: { after: number; ignoredExitCodes: readonly number[] };
}

type Definition = NonNullable<DeploymentSpec["plan"]["taskDefinition"]["containerDefinitions"]>[number];

const facts = new WeakMap<object, readonly ContainerFacts[]>();

/** In the order of the task definition, which never changes once it is in a deployment: it is read once. */
export function containersOf({ plan: { taskDefinition } }: DeploymentSpec): readonly ContainerFacts[] {
  const known = facts.get(taskDefinition);
  if (known !== undefined) return known;
  const read = (taskDefinition.containerDefinitions ?? []).map(containerFacts);
  facts.set(taskDefinition, read);
  return read;
}

function containerFacts(definition: Definition): ContainerFacts {
  const { startTimeout, stopTimeout, healthCheck, restartPolicy, dependsOn } = definition;
  return {
    name: definition.name ?? "",
    essential: definition.essential ?? true,
    dependsOn: (dependsOn ?? []).map(({ containerName, condition }) => ({
      container: containerName ?? "",
      condition: condition ?? "START",
    })),
    ...(startTimeout === undefined || startTimeout <= 0 ? {} : { startTimeout: startTimeout * SECOND }),
    stopTimeoutSeconds: stopTimeout ?? 30,
    checked: healthCheck?.command !== undefined && healthCheck.command[0] !== "NONE",
    ...(restartPolicy?.enabled
      ? {
          restart: {
            after: (restartPolicy.restartAttemptPeriod ?? 300) * SECOND,
            ignoredExitCodes: restartPolicy.ignoredExitCodes ?? [],
          },
        }
      : {}),
  };
}

/** Whether it is known for every container which image it runs. */
export function imagesPinned(spec: DeploymentSpec): boolean {
  return containersOf(spec).every(({ name }) => Object.hasOwn(spec.images, name));
}

export function targetGroupPlan(deployment: Deployment, serviceId: string, id: string): TargetGroupPlan | undefined {
  return deployment.spec.plan.targetGroups.find(({ key }) => targetGroupId(serviceId, key) === id);
}

/** The longest deregistration delay among the groups that the task is registered in. */
export function deregistrationDelay(deployment: Deployment, task: Task): number {
  const delays = task.targets.map(({ targetGroup }) => {
    const attributes = targetGroupPlan(deployment, task.serviceId, targetGroup)?.attributes ?? [];
    const value = attributes.find(({ Key }) => Key === "deregistration_delay.timeout_seconds")?.Value;
    return value === undefined ? 300 * SECOND : Number(value) * SECOND;
  });
  return Math.max(0, ...delays);
}

export function gracePeriod(deployment: Deployment): number {
  return (deployment.spec.plan.service.healthCheckGracePeriodSeconds ?? 0) * SECOND;
}

/** How many tasks must stay healthy, and how many may have been started. */
export function bounds(deployment: Deployment, desired: number): { lower: number; upper: number } {
  const { minimumHealthyPercent, maximumPercent } = deployment.spec.plan.service.deploymentConfiguration;
  return {
    lower: Math.ceil((desired * minimumHealthyPercent) / 100),
    upper: Math.floor((desired * maximumPercent) / 100),
  };
}
