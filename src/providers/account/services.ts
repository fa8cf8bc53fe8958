import type { DeployEvent, DeployResult, WorkloadRef } from "../provider.ts";

/** Services of ECS while a stack is updated, and beside it. */
export interface Services {
  /** Follows the next deployment of a service: one that is not among those which were there before. The service need not be
   *  there yet. Answers how that deployment ended, or undefined when none came.
   *  @throws UserError aws/* */
  follow(request: DeploymentToFollow, signal: AbortSignal): AsyncGenerator<DeployEvent, DeployResult | undefined, void>;
  /** The ids of the deployments that a service has; none while there is no service. */
  deployments(workload: WorkloadRef): Promise<string[]>;
  /** Has ECS replace all tasks of a service, with what is deployed. @throws UserError service/not-found */
  redeploy(workload: WorkloadRef): Promise<{ deploymentId: string }>;
  /** Has a service of App Runner answer no requests any more, and waits for that.
   *  @throws UserError service/not-found, service/cannot-pause for what is none, or when App Runner leaves it otherwise */
  pause(workload: WorkloadRef, signal: AbortSignal): Promise<PauseOutcome>;
  /** The reverse. */
  resume(workload: WorkloadRef, signal: AbortSignal): Promise<PauseOutcome>;
}

/** `there`: it was so already. `goes-on`: not waited for to its end. */
export type PauseOutcome = "done" | "there" | "goes-on";

export interface DeploymentToFollow extends WorkloadRef {
  /** The deployments that were there before; absent: those that are there when this begins. */
  known?: readonly string[];
  /** Aborts when nothing starts a deployment any more, since CloudFormation is done: one that is there by then is followed to
   *  its end, and when there is none the story ends. Absent: waits until the signal aborts. */
  over?: AbortSignal;
  /** Give up at the first task that stops: roll back. */
  failFast?: boolean;
  /** Milliseconds from the beginning after which it is not followed any more. */
  timeoutMs?: number;
}
