import { containersOf } from "../engine/plan-facts.ts";
import type { SimulatorState, Task } from "../engine/state.ts";
import type { Runtime } from "../runtime/runtime.ts";

export function liveTasks(state: SimulatorState): Task[] {
  return Object.values(state.tasks).filter(({ lastStatus }) => lastStatus !== "STOPPED");
}

/** SIGTERM to every container that runs, SIGKILL after its own stop time-out, or after `graceSeconds` when that is shorter. */
export async function stopContainers(runtime: Runtime, state: SimulatorState, graceSeconds: number): Promise<void> {
  if (graceSeconds <= 0) return;
  const running = liveTasks(state).flatMap((task) =>
    task.containers.filter(({ lastStatus }) => lastStatus === "RUNNING").map((container) => ({ task, container })),
  );
  await Promise.allSettled(
    running.map(({ task, container: { name, attempt } }) =>
      runtime.stopContainer(task.id, name, attempt, Math.min(graceSeconds, stopTimeout(state, task, name))),
    ),
  );
}

/** Removes what the state knows and whatever else is there. */
export async function removeTasks(runtime: Runtime, state: SimulatorState): Promise<void> {
  const there = await runtime.list();
  const tasks = new Set([...liveTasks(state).map(({ id }) => id), ...there.map(({ task }) => task)]);
  await Promise.all([...tasks].map((task) => runtime.removeTask(task)));
}

function stopTimeout(state: SimulatorState, task: Task, container: string): number {
  const deployment = state.services[task.serviceId]?.deployments.find(({ id }) => id === task.deploymentId);
  const facts = deployment === undefined ? [] : containersOf(deployment.spec);
  return facts.find(({ name }) => name === container)?.stopTimeoutSeconds ?? 30;
}
