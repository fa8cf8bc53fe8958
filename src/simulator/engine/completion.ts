import { type Census, type Head, live } from "./census.ts";
import type { Draft } from "./draft.ts";
import { eventTexts, rolloutReasons } from "./event-texts.ts";
import type { Deployment, Service } from "./state.ts";
import { lastCompleted } from "./needed-images.ts";
import { REPEAT_EVENT_AFTER, scaled } from "./times.ts";

const ENDED_KEPT = 10;

/** All tasks of the new version are healthy and none of an old one is left. Draining is not waited for. */
export function complete(draft: Draft, service: Service, { primary, old }: Census): boolean {
  const { deployment, healthy } = primary;
  if (deployment.rolloutState !== "IN_PROGRESS" || old.some((head) => live(head) > 0)) return false;
  if (healthy.length !== service.desiredCount || live(primary) !== service.desiredCount) return false;
  const edited = draft.editDeployment(service.id, deployment.id);
  edited.rolloutState = "COMPLETED";
  edited.rolloutStateReason = rolloutReasons.completed(edited.id);
  edited.completedAt ??= draft.now;
  edited.updatedAt = draft.now;
  for (const head of old) draft.editDeployment(service.id, head.deployment.id).desiredCount = 0;
  draft.tell(service.id, eventTexts.completed(service.name, edited.id));
  return true;
}

/** Says once that nothing may be started or stopped, and again after six hours. */
export function tellStuck(draft: Draft, serviceId: string, census: Census): void {
  const service = draft.service(serviceId);
  if (service === undefined) return;
  if (!isStuck(census)) {
    if (service.stuckAt !== undefined) delete draft.editService(serviceId).stuckAt;
    return;
  }
  if (service.stuckAt !== undefined && draft.now < service.stuckAt + scaled(REPEAT_EVENT_AFTER, draft.speed)) return;
  draft.editService(serviceId).stuckAt = draft.now;
  draft.tell(serviceId, eventTexts.stuck(service.name));
}

/** Says that the service is steady when it becomes so or has changed and still is, and again after six hours. */
export function tellSteady(draft: Draft, serviceId: string, census: Census): void {
  const service = draft.service(serviceId);
  if (service === undefined) return;
  if (!isSteady(service, census)) {
    if (service.steadyAt !== undefined) delete draft.editService(serviceId).steadyAt;
    return;
  }
  // Whatever has been said since is a reason to say it again; without that, only time is.
  const text = eventTexts.steady(service.name);
  const newest = service.events[0];
  const saidAt = newest?.message === text ? newest.at : undefined;
  if (saidAt === undefined || draft.now >= saidAt + scaled(REPEAT_EVENT_AFTER, draft.speed)) {
    draft.editService(serviceId).steadyAt = draft.now;
    draft.tell(serviceId, text);
  } else if (service.steadyAt !== saidAt) draft.editService(serviceId).steadyAt = saidAt;
}

function isSteady(service: Service, { primary, old }: Census): boolean {
  if (service.status !== "ACTIVE" || primary.deployment.rolloutState !== "COMPLETED") return false;
  return (
    primary.healthy.length === service.desiredCount &&
    live(primary) === service.desiredCount &&
    old.every((head) => live(head) === 0)
  );
}

/** Moves deployments whose tasks are all gone to the end of the list, and the service on while it is being deleted. */
export function retire(draft: Draft, serviceId: string): void {
  const service = draft.service(serviceId);
  if (service === undefined) return;
  const tasks = draft.tasksOf(serviceId).filter(({ lastStatus }) => lastStatus !== "STOPPED");
  if (service.status !== "ACTIVE") {
    const stopping = tasks.every(({ lastStatus }) => lastStatus === "STOPPING" || lastStatus === "DEPROVISIONING");
    if (stopping && service.status === "DRAINING") draft.editService(serviceId).status = "INACTIVE";
    return;
  }
  const busy = new Set(tasks.map(({ deploymentId }) => deploymentId));
  for (const { id, status, desiredCount } of service.deployments) {
    if (status !== "ACTIVE" || desiredCount > 0 || busy.has(id)) continue;
    end(draft, draft.editService(serviceId), draft.editDeployment(serviceId, id));
  }
}

function end(draft: Draft, service: Service, deployment: Deployment): void {
  deployment.status = "INACTIVE";
  deployment.updatedAt = draft.now;
  const others = service.deployments.filter(({ id }) => id !== deployment.id);
  const current = others.filter(({ status }) => status !== "INACTIVE");
  const ended = [deployment, ...others.filter(({ status }) => status === "INACTIVE")];
  const completed = lastCompleted(service.deployments);
  const candidate = ended.find(({ rolloutState }) => rolloutState === "COMPLETED");
  const kept = ended.filter((each, at) => at < ENDED_KEPT || each === candidate || completed.includes(each));
  service.deployments = [...current, ...kept];
}

/** Nothing is on its way, nothing waits for a time, and yet the deployment is not done. */
function isStuck({ primary, old, stopping }: Census): boolean {
  if (primary.deployment.rolloutState !== "IN_PROGRESS" || stopping > 0) return false;
  const pausing = ({ deployment }: Head): boolean => deployment.throttle.notBefore > 0;
  const starts = ({ deployment }: Head): boolean =>
    deployment.rolloutState === "COMPLETED" && deployment.desiredCount > 0;
  if (pausing(primary) || old.some((head) => pausing(head) && starts(head))) return false;
  return [primary, ...old].every(({ pending }) => pending.length === 0);
}
