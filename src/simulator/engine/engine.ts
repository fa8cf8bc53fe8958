import type { Effect } from "./effects.ts";
import type { Input } from "./inputs.ts";
import type { SimulatorState } from "./state.ts";

/** Numbers in [0, 1). The only source of chance, so that a run replays from its seed. */
export type Random = () => number;

export interface Step {
  /** A new value that shares with the old one what did not change; the old one is left as it was. */
  state: SimulatorState;
  effects: Effect[];
}

/** One step of the simulator: pure, total, deterministic. It also does whatever else is due at `now`.
 *  @param now milliseconds since the epoch, never less than in an earlier step */
export declare function step(state: SimulatorState, input: Input, now: number, random: Random): Step;

/** When the engine next wants a tick, in milliseconds since the epoch; undefined when it waits for others only. */
export declare function nextWake(state: SimulatorState): number | undefined;
