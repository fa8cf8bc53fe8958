import type { Draft } from "./draft.ts";
import { eventTexts } from "./event-texts.ts";
import type { Task } from "./state.ts";
import { backOff, REPLACE_AFTER, scaled } from "./times.ts";

/** How a task failed: it never reached RUNNING, it died by itself afterwards, or a health check had it replaced. */
export type Failure = "failed-to-start" | "exited" | "unhealthy";

/** Enters a failure of this task into its deployment: the count that the breaker and DescribeServices look at, and the
 *  pause before the next start. A task counts once. A program that exits after its task has been healthy does not. */
export function countFailure(draft: Draft, task: Task, failure: Failure): void {
  const service = draft.service(task.serviceId);
  const known = draft.deploymentOf(task);
  if (service === undefined || known === undefined || service.status !== "ACTIVE" || task.counted) return;
  draft.editTask(task.id).counted = true;
  const deployment = draft.editDeployment(service.id, known.id);
  pause(draft, service.id, service.name, known.id, failure);
  if (failure === "exited" && task.healthyAt !== undefined) return;
  if (deployment.rolloutState === "FAILED") return;
  deployment.failedTasks += 1;
  if (deployment.status === "PRIMARY" && deployment.rolloutState === "IN_PROGRESS") deployment.breaker.count += 1;
}

function pause(draft: Draft, serviceId: string, serviceName: string, deploymentId: string, failure: Failure): void {
  const { throttle } = draft.editDeployment(serviceId, deploymentId);
  if (failure === "exited")
    throttle.notBefore = Math.max(throttle.notBefore, draft.now + scaled(REPLACE_AFTER, draft.speed));
  // Tasks that were started together and fail together are one round.
  if (failure !== "failed-to-start" || throttle.notBefore > draft.now) return;
  throttle.failures += 1;
  throttle.notBefore = draft.now + scaled(backOff(throttle.failures), draft.speed);
  if (throttle.failures >= 3) draft.tell(serviceId, eventTexts.unableToStart(serviceName));
}

/** A task of this deployment has reached RUNNING: the next failure to start is the first one again, and what is left of
 *  a long pause is not waited for. A short one stays: programs that die as fast as they start must not spin. */
export function endBackOff(draft: Draft, task: Task): void {
  const known = draft.deploymentOf(task);
  if (known === undefined) return;
  const notBefore = Math.min(known.throttle.notBefore, draft.now + scaled(REPLACE_AFTER, draft.speed));
  if (known.throttle.failures === 0 && known.throttle.notBefore === notBefore && known.breaker.stage === 2) return;
  const deployment = draft.editDeployment(task.serviceId, known.id);
  deployment.throttle = { failures: 0, notBefore };
  deployment.breaker.stage = 2;
}
