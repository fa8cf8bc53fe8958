import type { Draft } from "./draft.ts";
import { gracePeriod } from "./plan-facts.ts";
import type { Task } from "./state.ts";
import { HEALTHY_AFTER, scaled } from "./times.ts";

/** Counts for minimumHealthyPercent: RUNNING, and healthy in every target group or, without one, for 40 s. */
export function isHealthy(task: Task): boolean {
  if (task.lastStatus !== "RUNNING" || task.desiredStatus !== "RUNNING") return false;
  return task.targets.length > 0
    ? task.targets.every(({ state }) => state === "healthy")
    : task.healthyAt !== undefined;
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
    (isHealthy(task) || (task.targets.length === 0 && draft.now >= healthyDue(task, draft.speed)))
  ) {
    draft.editTask(task.id).healthyAt = draft.now;
    endFailures(draft, task);
  }
  const failing = task.targets.some(({ state }) => state === "unhealthy");
  if (failing && task.unhealthyAt === undefined) {
    const due = graceEnd(draft, task);
    if (draft.now >= due) draft.editTask(task.id).unhealthyAt = draft.now;
  } else if (!failing && task.unhealthyAt !== undefined) delete draft.editTask(task.id).unhealthyAt;
}

/** When a task without target groups counts as healthy. */
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
