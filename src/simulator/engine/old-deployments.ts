import { type Census, type Head, live } from "./census.ts";
import type { Draft } from "./draft.ts";
import { bounds } from "./plan-facts.ts";
import { pick } from "./random.ts";
import { freePlaces, wanted } from "./replicas.ts";
import type { Service, Task } from "./state.ts";
import { stopAndTell, stopUnhealthy } from "./stop-tasks.ts";

/** A deployment that failed keeps only what is healthy, and no more of it than it is asked for; it and one that was
 *  superseded start nothing again. */
export function giveUpFailed(draft: Draft, service: Service, { primary, old }: Census): boolean {
  return [primary, ...old].some((head) => {
    const { deployment, healthy, unhealthy, pending } = head;
    if (deployment.rolloutState === "COMPLETED" || (head === primary && deployment.rolloutState !== "FAILED"))
      return false;
    const spare =
      deployment.rolloutState === "FAILED" ? [...pending, ...unhealthy, ...healthy.slice(deployment.desiredCount)] : [];
    stopAndTell(draft, service.id, spare);
    const left = live(head) - spare.length;
    return lower(draft, service, head, left) || spare.length > 0;
  });
}

/** While a deployment is running: stops old tasks as far as the lower bound permits. Those that are not healthy cost
 *  nothing and go first; of the healthy ones, those of failed deployments, then the oldest. */
export function drainOld(draft: Draft, service: Service, { primary, old, healthy }: Census): boolean {
  if (primary.deployment.rolloutState === "FAILED") return false;
  let spare = healthy - bounds(primary.deployment, service.desiredCount).lower;
  if (spare < 0) return false;
  const stops: Task[] = [];
  let lowered = false;
  for (const head of failedFirst(old)) {
    const going = head.healthy.slice(0, spare);
    spare -= going.length;
    stops.push(...head.pending, ...head.unhealthy, ...going);
    lowered = lower(draft, service, head, head.healthy.length - going.length) || lowered;
  }
  stopAndTell(draft, service.id, stops);
  return lowered || stops.length > 0;
}

/** No place is free although one is needed, and none is about to become free: one task that is not healthy makes room,
 *  which takes nothing from the lower bound. One of an old version goes before one of the new. */
export function makeRoom(draft: Draft, service: Service, census: Census): boolean {
  const { primary, old } = census;
  if (census.stopping > 0 || freePlaces(service, census) > 0) return false;
  if (wanted(primary, service.desiredCount) > 0) {
    const head = old.find(({ pending, unhealthy }) => pending.length + unhealthy.length > 0);
    if (head !== undefined) return stopOneOld(draft, service, head);
    return stopOneUnhealthy(draft, service, primary);
  }
  const lacking = old.find(
    (head) =>
      head.deployment.rolloutState === "COMPLETED" &&
      wanted(head, head.deployment.desiredCount) > 0 &&
      head.unhealthy.length > 0,
  );
  return lacking !== undefined && stopOneUnhealthy(draft, service, lacking);
}

/** @returns whether the deployment was asked for more until now */
function lower(draft: Draft, service: Service, { deployment }: Head, desired: number): boolean {
  if (deployment.desiredCount <= desired) return false;
  draft.editDeployment(service.id, deployment.id).desiredCount = desired;
  return true;
}

function stopOneOld(draft: Draft, service: Service, { deployment, pending, unhealthy }: Head): boolean {
  const task = pending[0] ?? pick(unhealthy, draft.random);
  if (task === undefined) return false;
  const edited = draft.editDeployment(service.id, deployment.id);
  edited.desiredCount = Math.max(0, edited.desiredCount - 1);
  stopAndTell(draft, service.id, [task]);
  return true;
}

function stopOneUnhealthy(draft: Draft, service: Service, { unhealthy }: Head): boolean {
  const task = pick(unhealthy, draft.random);
  if (task === undefined) return false;
  stopUnhealthy(draft, service.id, task);
  return true;
}

function failedFirst(heads: readonly Head[]): Head[] {
  return heads.toSorted(
    (a, b) => Number(b.deployment.rolloutState === "FAILED") - Number(a.deployment.rolloutState === "FAILED"),
  );
}
