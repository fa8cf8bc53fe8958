import type { Effect } from "../engine/effects.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { logLine } from "./daemon-log.ts";
import type { Discovery } from "./discovery.ts";
import type { EffectRunner } from "./effect-runner.ts";
import { liveTasks } from "./end-tasks.ts";
import { recover } from "./recover.ts";
import type { Simulator } from "./simulator.ts";

export interface ResumeParts {
  simulator: Simulator;
  runtime: Pick<Runtime, "list" | "removeTask" | "adopt">;
  runner: Pick<EffectRunner, "run">;
  discovery: Pick<Discovery, "recover">;
  now: () => number;
}

const known: ReadonlySet<string> = new Set<Effect["type"]>([
  "prepare-task",
  "start-container",
  "stop-container",
  "remove-task",
]);

/** Goes on where a former daemon ended, whatever it was doing: removes what belongs to nobody, looks after what is there,
 *  does again what is not ticked off, and tells the engine what has happened meanwhile.
 *  @param takenDown the former daemon has ended its tasks itself */
export async function resume(
  { simulator, runtime, runner, discovery, now }: ResumeParts,
  journal: readonly Effect[],
  takenDown: boolean,
): Promise<void> {
  const { state } = simulator;
  const { inputs, orphans } = recover(state, journal, await runtime.list(), now(), takenDown);
  for (const task of orphans) await runtime.removeTask(task);
  await runtime.adopt(liveTasks(state));
  discovery.recover(state);
  for (const effect of journal)
    if (known.has(effect.type)) runner.run(effect);
    else logLine(`left to a newer version, which wrote it into the journal: ${effect.type} of task ${effect.task}`);
  simulator.reportAll([...inputs, { type: "tick" }]);
}
