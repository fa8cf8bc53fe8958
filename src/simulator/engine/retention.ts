import type { Draft } from "./draft.ts";
import type { Task } from "./state.ts";
import { scaled, SHOW_STOPPED_FOR } from "./times.ts";

const STOPPED_KEPT = 100;

/** Forgets a service's stopped tasks after an hour, the oldest of more than a hundred earlier, and a deleted service with
 *  all that was its own as soon as nothing of it is left. */
export function forget(draft: Draft, serviceId: string): void {
  const tasks = draft.tasksOf(serviceId);
  const stopped = tasks.filter(({ lastStatus }) => lastStatus === "STOPPED");
  if (draft.service(serviceId)?.status !== "ACTIVE" && stopped.length === tasks.length) {
    draft.removeService(serviceId);
    for (const task of tasks) draft.removeTask(task.id);
  } else for (const task of tooOld(stopped, draft)) draft.removeTask(task.id);
}

/** When a stopped task is forgotten at the latest. */
export function forgottenAt(task: Task, speed: number): number {
  return (task.stoppedAt ?? 0) + scaled(SHOW_STOPPED_FOR, speed);
}

function tooOld(stopped: readonly Task[], { now, speed }: Draft): Task[] {
  const overdue = stopped.filter((task) => now >= forgottenAt(task, speed));
  if (stopped.length - overdue.length <= STOPPED_KEPT) return overdue;
  return stopped.toSorted((a, b) => (a.stoppedAt ?? 0) - (b.stoppedAt ?? 0)).slice(0, stopped.length - STOPPED_KEPT);
}
