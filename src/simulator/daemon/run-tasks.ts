import type { Calls } from "../protocol.ts";
import { tasksOf } from "../engine/queries.ts";
import type { Daemon } from "./daemon.ts";
import { serviceOf } from "./service-of.ts";

/** Starts tasks of a task group. @throws UserError engine/unreachable, simulator/disk-full */
export async function runTasks(
  daemon: Daemon,
  { serviceId, count }: Calls["run-tasks"]["params"],
): Promise<Calls["run-tasks"]["result"]> {
  await daemon.troubles.refuseNew();
  serviceOf(daemon.state, serviceId);
  const before = daemon.state.tasks;
  daemon.simulator.apply({ type: "run-tasks", serviceId, count });
  const started = tasksOf(daemon.state, serviceId).filter(({ id }) => before[id] === undefined);
  return { tasks: started.map(({ id }) => id) };
}

/** Stops those tasks of a task group that are to run. */
export function stopTasks(
  daemon: Daemon,
  { serviceId, reason }: Calls["stop-tasks"]["params"],
): Calls["stop-tasks"]["result"] {
  const tasks = tasksOf(daemon.state, serviceId).filter(({ desiredStatus }) => desiredStatus === "RUNNING");
  for (const { id: task } of tasks) daemon.simulator.apply({ type: "stop-task", task, reason });
  return { tasks: tasks.map(({ id }) => id) };
}
