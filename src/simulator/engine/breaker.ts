import type { Draft } from "./draft.ts";
import { eventTexts, rolloutReasons } from "./event-texts.ts";
import { isHealthy } from "./health.ts";
import { rulePriorities } from "./rule-priorities.ts";
import type { Deployment, Service } from "./state.ts";

/** BOUNDED_PERCENT with its default value 50. */
export function breakerThreshold(desired: number): number {
  return Math.min(200, Math.max(3, Math.ceil(desired / 2)));
}

/** @returns whether the circuit breaker has failed the running deployment now */
export function checkBreaker(draft: Draft, service: Service, primary: Deployment): boolean {
  const { deploymentCircuitBreaker } = primary.spec.plan.service.deploymentConfiguration;
  if (!deploymentCircuitBreaker.enable || primary.rolloutState !== "IN_PROGRESS") return false;
  if (primary.breaker.count < breakerThreshold(service.desiredCount)) return false;
  failDeployment(draft, service.id, "breaker");
  return true;
}

/** Ends the running deployment as FAILED. It goes back to the last completed one where that is wanted and there is one;
 *  else what is healthy stays when a completed version has been serving, and nothing stays when none ever has. */
export function failDeployment(draft: Draft, serviceId: string, cause: "breaker" | { stoppedBecause: string }): void {
  const service = draft.editService(serviceId);
  const head = service.deployments[0];
  if (head === undefined) return;
  const primary = draft.editDeployment(serviceId, head.id);
  const candidate = rollsBack(primary, cause) ? rollBackCandidate(service, primary) : undefined;
  primary.rolloutState = "FAILED";
  primary.rolloutStateReason =
    cause === "breaker" ? rolloutReasons.tasksFailed : stopText(candidate, cause.stoppedBecause);
  primary.updatedAt = draft.now;
  draft.tell(
    serviceId,
    eventTexts.failed(
      service.name,
      primary.id,
      cause === "breaker" ? "tasks failed to start" : stopText(candidate, cause.stoppedBecause),
    ),
  );
  if (candidate !== undefined) rollBack(draft, service, primary, candidate, cause);
  else if (primary.completedAt !== undefined || service.deployments.some(stillServes))
    primary.desiredCount = healthyTasksOf(draft, serviceId, primary.id);
  else for (const { id } of service.deployments) draft.editDeployment(serviceId, id).desiredCount = 0;
}

/** The most recently completed deployment, other than this one. One that is being rolled back to is none. */
function rollBackCandidate(service: Service, failed: Deployment): Deployment | undefined {
  return service.deployments
    .filter(({ id, rolloutState }) => id !== failed.id && rolloutState === "COMPLETED")
    .toSorted((a, b) => (b.completedAt ?? 0) - (a.completedAt ?? 0))[0];
}

function rollsBack(primary: Deployment, cause: "breaker" | { stoppedBecause: string }): boolean {
  // A roll-back that fails is not rolled back again.
  if (primary.completedAt !== undefined) return false;
  if (cause !== "breaker") return true;
  return (
    primary.spec.plan.service.deploymentConfiguration.deploymentCircuitBreaker.rollback && !primary.spec.noRollback
  );
}

function rollBack(draft: Draft, service: Service, failed: Deployment, to: Deployment, cause: "breaker" | object): void {
  failed.status = "ACTIVE";
  failed.breaker.rollBackTo = to.id;
  failed.desiredCount = healthyTasksOf(draft, service.id, failed.id);
  const target = draft.editDeployment(service.id, to.id);
  const hasRun = draft.tasksOf(service.id).some((task) => task.deploymentId === to.id && task.lastStatus === "RUNNING");
  target.status = "PRIMARY";
  target.rolloutState = "IN_PROGRESS";
  target.rolloutStateReason =
    cause === "breaker" ? rolloutReasons.breakerRollsBack(to.id) : rolloutReasons.inProgress(to.id);
  target.updatedAt = draft.now;
  target.failedTasks = 0;
  target.breaker = { stage: hasRun ? 2 : 1, count: 0 };
  target.throttle = { failures: 0, notBefore: 0 };
  service.deployments = [target, ...service.deployments.filter(({ id }) => id !== to.id)];
  service.rulePriorities = rulePriorities(draft, service.id, target.spec.plan);
  draft.tell(service.id, eventTexts.rollingBack(service.name, to.id));
}

function stopText(candidate: Deployment | undefined, because: string): string {
  return candidate === undefined
    ? `Service deployment stopped because ${because}`
    : `Service deployment rolled back because ${because}`;
}

function stillServes({ status, completedAt }: Deployment): boolean {
  return status === "ACTIVE" && completedAt !== undefined;
}

function healthyTasksOf(draft: Draft, serviceId: string, deploymentId: string): number {
  return draft.tasksOf(serviceId).filter((task) => task.deploymentId === deploymentId && isHealthy(task)).length;
}
