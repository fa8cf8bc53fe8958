import type { TargetGroupPlan } from "../../plan/workload-plan.ts";
import { targetGroupId } from "./names.ts";
import type { Deployment, DeploymentSpec, Task } from "./state.ts";

/** What the engine reads from a deployment's plan, with AWS's defaults. Times in milliseconds of AWS or of the user. */

const SECOND = 1000;

export interface ContainerFacts {
  name: string;
  essential: boolean;
  stopTimeoutSeconds: number;
}

export function containersOf(spec: DeploymentSpec): ContainerFacts[] {
  return (spec.plan.taskDefinition.containerDefinitions ?? []).map((definition) => ({
    name: definition.name ?? "",
    essential: definition.essential ?? true,
    stopTimeoutSeconds: definition.stopTimeout ?? 30,
  }));
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
