import type { Draft } from "./draft.ts";
import { startTask } from "./task-life.ts";

/** Starts tasks of a task group. One that is being deleted starts none. */
export function runTasks(draft: Draft, serviceId: string, count: number): void {
  const group = draft.service(serviceId);
  const definition = group?.deployments.find(({ status }) => status === "PRIMARY");
  if (group?.taskGroup !== true || group.status !== "ACTIVE" || definition === undefined) return;
  for (let started = 0; started < count; started++) startTask(draft, serviceId, definition);
}
