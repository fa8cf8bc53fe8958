import type { Draft } from "./draft.ts";
import { gracePeriod } from "./plan-facts.ts";
import type { ContainerHealth, Task, TaskContainer } from "./state.ts";
import { HEALTHY_AFTER, scaled } from "./times.ts";

/** Counts for minimumHealthyPercent: RUNNING, healthy in every target group, and HEALTHY by the checks of its essential
 *  containers; a task that has neither, after 40 s. */
export function isHealthy(task: Task): boolean {
  if (task.lastStatus !== "RUNNING" || task.desiredStatus !== "RUNNING") return false;
  if (!isChecked(task)) return task.healthyAt !== undefined;
  return task.targets.every(({ state }) => state === "healthy") && (!hasCheck(task) || task.health === "HEALTHY");
}

/** The scheduler wants another task in its place. */
export function isUnhealthy(task: Task): boolean {
  return task.lastStatus === "RUNNING" && task.desiredStatus === "RUNNING" && task.unhealthyAt !== undefined;
}

/** Keeps `healthyAt` and `unhealthyAt` true at this instant. The first healthy moment ends a row of failures. */
export function noticeHealth(draft: Draft, task: Task): void {
  if (task.lastStatus !== "RUNNING" || task.desiredStatus !== "RUNNING") return;
  if (
    task.healthyAt === undefined &&
    (isHealthy(task) || (!isChecked(task) && draft.now >= healthyDue(task, draft.speed)))
  ) {
    draft.editTask(task.id).healthyAt = draft.now;
    endFailures(draft, task);
  }
  const failing = isFailing(task);
  if (failing && task.unhealthyAt === undefined) {
    const due = graceEnd(draft, task);
    if (draft.now >= due) draft.editTask(task.id).unhealthyAt = draft.now;
  } else if (!failing && task.unhealthyAt !== undefined) delete draft.editTask(task.id).unhealthyAt;
}

/** A task's health, from its essential containers that have a check. */
export function taskHealth(containers: readonly TaskContainer[]): ContainerHealth {
  const healths = containers.filter(({ essential }) => essential).map(({ health }) => health);
  if (healths.includes("UNHEALTHY")) return "UNHEALTHY";
  return healths.includes("UNKNOWN") || !healths.includes("HEALTHY") ? "UNKNOWN" : "HEALTHY";
}

/** Something besides the time decides whether it is healthy. */
export function isChecked(task: Task): boolean {
  return task.targets.length > 0 || hasCheck(task);
}

/** Some check fails, be it within the grace period. */
export function isFailing({ targets, health }: Task): boolean {
  return health === "UNHEALTHY" || targets.some(({ state }) => state === "unhealthy");
}

function hasCheck({ containers }: Task): boolean {
  return containers.some(({ essential, health }) => essential && health !== undefined);
}

/** When a task that nothing checks counts as healthy. */
export function healthyDue(task: Task, speed: number): number {
  return (task.startedAt ?? 0) + scaled(HEALTHY_AFTER, speed);
}

function graceEnd(draft: Draft, task: Task): number {
  const deployment = draft.deploymentOf(task);
  return (task.startedAt ?? 0) + (deployment === undefined ? 0 : scaled(gracePeriod(deployment), draft.speed));
}

function endFailures(draft: Draft, task: Task): void {
  const deployment = draft.deploymentOf(task);
  if (deployment === undefined || (deployment.failedTasks === 0 && deployment.breaker.count === 0)) return;
  if (deployment.rolloutState === "FAILED") return;
  const edited = draft.editDeployment(task.serviceId, deployment.id);
  edited.failedTasks = 0;
  edited.breaker.count = 0;
}
