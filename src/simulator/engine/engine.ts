import { Draft } from "./draft.ts";
import type { Effect } from "./effects.ts";
import type { Input } from "./inputs.ts";
import type { Random } from "./random.ts";
import { receive } from "./receive.ts";
import { forget } from "./retention.ts";
import { runScheduler } from "./scheduler.ts";
import type { SimulatorState } from "./state.ts";
import { settleTask } from "./task-life.ts";
import { dueServices } from "./wake.ts";

export { nextWake } from "./wake.ts";
export type { Random } from "./random.ts";

export interface Step {
  /** A new value that shares with the old one what did not change; the old one is left as it was. */
  state: SimulatorState;
  effects: Effect[];
}

/** One step of the simulator: pure, total, deterministic. It also does whatever else is due at `now`.
 *  @param now milliseconds since the epoch, never less than in an earlier step */
export function step(state: SimulatorState, input: Input, now: number, random: Random): Step {
  return stepAll(state, [input], now, random);
}

/** Several inputs as one step: the scheduler looks once, when all of them are known. Used for what a recovery finds. */
export function stepAll(state: SimulatorState, inputs: readonly Input[], now: number, random: Random): Step {
  const draft = new Draft(state, now, random);
  for (const input of inputs) receive(draft, input);
  const services = concerned(draft, state);
  for (const service of services) for (const { id } of draft.tasksOf(service)) settleTask(draft, id);
  draft.tellNotes();
  for (const id of services) runScheduler(draft, id);
  for (const id of services) forget(draft, id);
  return { state: draft.finish(), effects: draft.effects };
}

/** What the inputs have touched, and what has waited for this moment. All others came to rest in an earlier step, and
 *  nothing but time has passed for them. */
function concerned(draft: Draft, before: SimulatorState): string[] {
  if (draft.speed !== before.speed) return draft.serviceIds();
  const touched = draft.touchedServices();
  for (const id of dueServices(before, draft.now)) touched.add(id);
  return touched.size === 0 ? [] : draft.serviceIds().filter((id) => touched.has(id));
}

/** A simulator that knows nothing yet. */
export function emptyState(speed: number): SimulatorState {
  return { speed, services: {}, tasks: {} };
}
