import { type Census, type Head, live } from "./census.ts";
import type { Draft } from "./draft.ts";
import { eventTexts } from "./event-texts.ts";
import { bounds, imagesPinned } from "./plan-facts.ts";
import { pick, type Random } from "./random.ts";
import type { Deployment, Service, Task } from "./state.ts";
import { stopAndTell, stopUnhealthy } from "./stop-tasks.ts";
import { startTask } from "./task-life.ts";

/** Starts tasks of the PRIMARY deployment, while there are fewer than desired that may be(come) healthy and the upper
 *  bound leaves a place. An unhealthy task is replaced this way before it is stopped. */
export function startPrimary(draft: Draft, service: Service, census: Census): boolean {
  const { deployment } = census.primary;
  if (deployment.rolloutState !== "FAILED" && deployment.desiredCount !== service.desiredCount)
    draft.editDeployment(service.id, deployment.id).desiredCount = service.desiredCount;
  return start(draft, service, census, census.primary, wanted(census.primary, service.desiredCount));
}

/** A task of an old version that died or is unhealthy is replaced by one of the same version, as long as the old
 *  deployment is still asked for it. */
export function replaceOld(draft: Draft, service: Service, census: Census): boolean {
  return census.old.some((head) => {
    if (head.deployment.rolloutState !== "COMPLETED") return false;
    return start(draft, service, census, head, wanted(head, head.deployment.desiredCount));
  });
}

/** Stops what there is too much of: what has no use once enough tasks are healthy, and of unhealthy tasks those whose
 *  replacement has shown what it is. */
export function stopSurplus(draft: Draft, service: Service, { primary, old }: Census): boolean {
  const asked = (head: Head): number => (head === primary ? service.desiredCount : head.deployment.desiredCount);
  return [primary, ...old].some((head) => {
    if (head.deployment.rolloutState === "FAILED") return false;
    const { unneeded, unhealthy } = surplus(head, asked(head), draft.random);
    stopAndTell(draft, service.id, unneeded);
    for (const task of unhealthy) stopUnhealthy(draft, service.id, task);
    return unneeded.length + unhealthy.length > 0;
  });
}

/** How many more this deployment would start now if there were places for all. */
export function wanted(head: Head, desired: number): number {
  const { deployment } = head;
  if (deployment.rolloutState === "FAILED" || deployment.throttle.notBefore > 0) return 0;
  const missing = Math.max(0, desired - head.healthy.length - head.pending.length);
  // The first task starts alone: it fixes the images.
  return imagesPinned(deployment.spec) ? missing : Math.min(missing, live(head) === 0 ? 1 : 0);
}

export function freePlaces(service: Service, { primary, started }: Census): number {
  return Math.max(0, bounds(primary.deployment, service.desiredCount).upper - started);
}

function start(draft: Draft, service: Service, census: Census, head: Head, count: number): boolean {
  const starts = Math.min(count, freePlaces(service, census));
  if (starts <= 0) return false;
  const { deployment }: { deployment: Deployment } = head;
  const started = Array.from({ length: starts }, () => startTask(draft, service.id, deployment));
  draft.tell(service.id, eventTexts.started(service.name, started, Math.min(starts, head.unhealthy.length)));
  return true;
}

/** With enough healthy tasks, all others are surplus. With too few, pending ones are kept to fill the gap, and as many
 *  unhealthy ones, which serve until their replacements are healthy. */
function surplus(head: Head, desired: number, random: Random): { unneeded: Task[]; unhealthy: Task[] } {
  const gap = Math.max(0, desired - head.healthy.length);
  const excess = Math.max(0, head.healthy.length - desired);
  const unhealthy = choose(head.unhealthy, head.unhealthy.length - gap, random);
  const pending = head.pending.slice(Math.min(gap, head.pending.length));
  return { unneeded: [...pending, ...choose(head.healthy, excess, random)], unhealthy };
}

function choose(tasks: readonly Task[], count: number, random: Random): Task[] {
  const left = [...tasks];
  const chosen: Task[] = [];
  while (chosen.length < count) {
    const task = pick(left, random);
    if (task === undefined) break;
    chosen.push(task);
    left.splice(left.indexOf(task), 1);
  }
  return chosen;
}
