import type { Effect } from "../engine/effects.ts";
import type { Input } from "../engine/inputs.ts";
import type { SimulatorState } from "../engine/state.ts";
import type { RuntimeContainer } from "../runtime/runtime.ts";

export interface Recovery {
  /** What happened while nobody looked, in the order in which the engine should hear of it. */
  inputs: Input[];
  /** Tasks whose containers belong to nobody any more. */
  orphans: string[];
}

/** Compares what the state believes with what the runtime has. Pure. Effects in the journal are run again anyway, so
 *  only what no effect will bring to light is reported here.
 *  @param takenDown the former daemon has ended its tasks itself: that they are gone is no failure of theirs */
export function recover(
  state: SimulatorState,
  journal: readonly Effect[],
  containers: readonly RuntimeContainer[],
  now: number,
  takenDown = false,
): Recovery {
  const inputs: Input[] = [];
  const byTask = groupByTask(containers);
  const orphans = [...byTask.keys()].filter((id) => state.tasks[id] === undefined || state.tasks[id].removed === true);
  const preparing = new Set(journal.filter(({ type }) => type === "prepare-task").map(({ task }) => task));
  for (const task of Object.values(state.tasks)) {
    if (task.lastStatus === "STOPPED" || task.removed || preparing.has(task.id)) continue;
    const found = byTask.get(task.id) ?? [];
    const pause = found.find(({ container }) => container === undefined);
    for (const container of task.containers) {
      const real = found.find((one) => one.container === container.name && one.attempt === container.attempt);
      if (container.lastStatus !== "RUNNING" || real?.state !== "exited" || takenDown) continue;
      inputs.push({
        type: "container-exited",
        task: task.id,
        container: container.name,
        attempt: container.attempt,
        exitCode: real.exitCode ?? 0,
        outOfMemory: real.outOfMemory ?? false,
        at: real.finishedAt ?? now,
      });
    }
    const hasNetwork =
      Object.keys(task.ports).length > 0 || task.containers.some(({ runtimeId }) => runtimeId !== undefined);
    const removing = journal.some((effect) => effect.type === "remove-task" && effect.task === task.id);
    const lostContainer = task.containers.some(
      ({ name, attempt, lastStatus }) =>
        lastStatus === "RUNNING" && !found.some((one) => one.container === name && one.attempt === attempt),
    );
    if (!hasNetwork || removing || (pause?.state === "running" && !lostContainer)) continue;
    if (takenDown) inputs.push({ type: "stop-task", task: task.id, reason: "The simulator was stopped" });
    inputs.push({ type: "task-lost", task: task.id });
    // Of a container that is not there no exit will ever be reported.
    for (const { name, attempt } of task.containers)
      if (!found.some((one) => one.container === name && one.attempt === attempt))
        inputs.push({ type: "container-stopped", task: task.id, container: name, attempt, at: now });
  }
  return { inputs, orphans };
}

function groupByTask(containers: readonly RuntimeContainer[]): Map<string, RuntimeContainer[]> {
  const groups = new Map<string, RuntimeContainer[]>();
  for (const container of containers) groups.set(container.task, [...(groups.get(container.task) ?? []), container]);
  return groups;
}
