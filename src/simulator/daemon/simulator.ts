import type { Effect } from "../engine/effects.ts";
import { nextWake, type Random, step } from "../engine/engine.ts";
import type { Input } from "../engine/inputs.ts";
import type { SimulatorState } from "../engine/state.ts";
import type { Store } from "./store.ts";

/** Longest sleep that a timer takes. */
const longestSleep = 2 ** 31 - 1;

export interface SimulatorParts {
  store: Pick<Store, "commit">;
  now: () => number;
  random: Random;
  /** Called with effects that are committed and must now be done. */
  run: (effect: Effect) => void;
}

/** The engine with its memory: every step is committed, with its effects, before anything happens in the world. */
export class Simulator {
  #state: SimulatorState;
  readonly #parts: SimulatorParts;
  readonly #watchers = new Set<(before: SimulatorState, after: SimulatorState) => void>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  /** Why the last step could not be written; it is tried again. */
  problem: Error | undefined;

  constructor(state: SimulatorState, parts: SimulatorParts) {
    this.#state = state;
    this.#parts = parts;
  }

  get state(): SimulatorState {
    return this.#state;
  }

  /** Takes one input. When `answered` is given the input is the answer to that effect, which is ticked off with it.
   *  @throws UserError simulator/disk-full; the state is then as before */
  apply(input: Input, answered?: Effect): void {
    if (this.#closed) return;
    const before = this.#state;
    const { state, effects } = step(before, input, this.#parts.now(), this.#parts.random);
    this.#parts.store.commit(before, state, effects, answered);
    this.problem = undefined;
    this.#state = state;
    this.#schedule();
    for (const effect of effects) this.#parts.run(effect);
    if (state !== before) for (const watcher of this.#watchers) watcher(before, state);
  }

  /** For what the world reports: tried again every second while it cannot be written. */
  report(input: Input, answered?: Effect): void {
    try {
      this.apply(input, answered);
    } catch (error) {
      this.problem = error as Error;
      setTimeout(() => this.report(input, answered), 1000).unref();
    }
  }

  onChange(watcher: (before: SimulatorState, after: SimulatorState) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** No input counts any more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const wake = nextWake(this.#state);
    if (wake === undefined || this.#closed) return;
    const wait = Math.min(Math.max(wake - this.#parts.now(), 0), longestSleep);
    this.#timer = setTimeout(() => this.report({ type: "tick" }), wait);
  }
}
