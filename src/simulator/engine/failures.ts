import type { Draft } from "./draft.ts";
import { eventTexts } from "./event-texts.ts";
import type { Deployment, Service, Task } from "./state.ts";
import { backOff, REPLACE_AFTER, scaled } from "./times.ts";

/** How a task failed: it never reached RUNNING, it died by itself afterwards, or a health check had it replaced. */
export type Failure = "failed-to-start" | "exited" | "unhealthy";

/** Enters a failure of this task into its deployment: the count that the breaker and DescribeServices look at, and the
 *  pause before the next start. A task counts once. A program that exits after its task has been healthy does not. */
export function countFailure(draft: Draft, task: Task, failure: Failure): void {
  const service = draft.service(task.serviceId);
  const deployment = draft.deploymentOf(task);
  if (service === undefined || deployment === undefined || service.status !== "ACTIVE" || task.counted) return;
  draft.editTask(task.id).counted = true;
  pause(draft, service, deployment, failure);
  if (deployment.rolloutState === "FAILED" || (failure === "exited" && task.healthyAt !== undefined)) return;
  const edited = draft.editDeployment(service.id, deployment.id);
  edited.failedTasks += 1;
  if (edited.status === "PRIMARY" && edited.rolloutState === "IN_PROGRESS") edited.breaker.count += 1;
}

function pause(draft: Draft, service: Service, { id, throttle }: Deployment, failure: Failure): void {
  const afterExit = draft.now + scaled(REPLACE_AFTER, draft.speed);
  if (failure === "exited" && throttle.notBefore < afterExit)
    draft.editDeployment(service.id, id).throttle.notBefore = afterExit;
  // Tasks that were started together and fail together are one round.
  if (failure !== "failed-to-start" || throttle.notBefore > draft.now) return;
  const edited = draft.editDeployment(service.id, id).throttle;
  edited.failures += 1;
  edited.notBefore = draft.now + scaled(backOff(edited.failures), draft.speed);
  if (edited.failures >= 3) draft.tell(service.id, eventTexts.unableToStart(service.name));
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
