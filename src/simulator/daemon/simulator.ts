import type { Effect } from "../engine/effects.ts";
import { nextWake, type Random, stepAll, type Step } from "../engine/engine.ts";
import type { Input } from "../engine/inputs.ts";
import type { SimulatorState } from "../engine/state.ts";
import { logLine } from "./daemon-log.ts";
import type { Store } from "./store.ts";

/** Longest sleep that a timer takes. */
const longestSleep = 2 ** 31 - 1;
/** What could not be written is tried again after this time. */
const retryMs = 1000;

export interface SimulatorParts {
  store: Pick<Store, "commit">;
  now: () => number;
  random: Random;
  /** Called with effects that are committed and must now be done. */
  run: (effect: Effect) => void;
}

type Watcher = (before: SimulatorState, after: SimulatorState) => void;

/** What the world has reported and the state does not know yet. */
interface Report {
  inputs: readonly Input[];
  /** The effect that this answers. */
  answered?: Effect;
}

/** The engine with its memory: every step is committed, with its effects, before anything happens in the world. */
export class Simulator {
  #state: SimulatorState;
  readonly #parts: SimulatorParts;
  readonly #watchers = new Set<Watcher>();
  readonly #reports: Report[] = [];
  #taking = false;
  #timer: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
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

  /** Takes a request in. @throws UserError simulator/disk-full; the state is then as before. {@link SimulatorClosed} */
  apply(input: Input): void {
    if (this.#closed) throw new SimulatorClosed();
    this.#takeReports();
    if (this.#reports.length > 0 && this.problem !== undefined) throw this.problem;
    this.#take([input]);
  }

  /** For what the world reports: kept, and tried again in the order of coming, while it cannot be written. When
   *  `answered` is given the input is the answer to that effect, which is ticked off with it. */
  report(input: Input, answered?: Effect): void {
    this.reportAll([input], answered);
  }

  /** Several reports as one step: the scheduler looks when all of them are known. */
  reportAll(inputs: readonly Input[], answered?: Effect): void {
    if (this.#closed) return;
    this.#reports.push({ inputs, answered });
    this.#takeReports();
  }

  onChange(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** No input counts any more; what was not answered is still in the journal. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#retry);
  }

  #takeReports(): void {
    if (this.#taking) return;
    this.#taking = true;
    clearTimeout(this.#retry);
    try {
      for (let next = this.#reports[0]; next !== undefined && !this.#closed; next = this.#reports[0]) {
        this.#take(next.inputs, next.answered);
        this.#reports.shift();
      }
    } catch (error) {
      this.#fail(error as Error);
    } finally {
      this.#taking = false;
    }
  }

  #fail(error: Error): void {
    if (error instanceof StepFailed) {
      // Another try would fail as this one did; an effect without its answer stays in the journal.
      logLine(`a report could not be taken in: ${(error.cause as Error).stack}`);
      this.#reports.shift();
    } else {
      if (this.problem?.message !== error.message) logLine(`the state could not be written: ${error.message}`);
      this.problem = error;
    }
    if (!this.#closed) this.#retry = setTimeout(() => this.#takeReports(), error instanceof StepFailed ? 0 : retryMs);
  }

  #take(inputs: readonly Input[], answered?: Effect): void {
    const before = this.#state;
    const { state, effects } = this.#step(inputs);
    this.#parts.store.commit(before, state, effects, answered);
    this.problem = undefined;
    this.#state = state;
    this.#schedule();
    for (const effect of effects) this.#parts.run(effect);
    if (state !== before) for (const watcher of this.#watchers) watch(watcher, before, state);
  }

  #step(inputs: readonly Input[]): Step {
    try {
      return stepAll(this.#state, inputs, this.#parts.now(), this.#parts.random);
    } catch (error) {
      throw new StepFailed((error as Error).message, { cause: error });
    }
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const wake = nextWake(this.#state);
    if (wake === undefined || this.#closed) return;
    const wait = Math.min(Math.max(wake - this.#parts.now(), 0), longestSleep);
    this.#timer = setTimeout(() => this.#tick(), wait);
  }

  /** What waits to be written takes the time with it. */
  #tick(): void {
    if (this.#reports.length === 0) this.report({ type: "tick" });
  }
}

/** The daemon is ending: the next one is to be asked. */
export class SimulatorClosed extends Error {}

/** A bug in the engine. */
class StepFailed extends Error {}

/** What a watcher gets wrong is not the step's fault. */
function watch(watcher: Watcher, before: SimulatorState, after: SimulatorState): void {
  try {
    watcher(before, after);
  } catch (error) {
    logLine(`a watcher failed: ${(error as Error).stack}`);
  }
}
