import { setTimeout as sleep } from "node:timers/promises";
import type { Effect } from "../engine/effects.ts";
import type { Input } from "../engine/inputs.ts";
import type { SimulatorState } from "../engine/state.ts";
import { type Runtime, RuntimeError, RuntimeUnavailableError, type TaskToRun } from "../runtime/runtime.ts";
import { logLine } from "./daemon-log.ts";
import { accessPointsOf, type ValuesOfTasks } from "./task-values.ts";

export interface EffectRunnerParts {
  runtime: Runtime;
  state: () => SimulatorState;
  /** Fetched at a task's start. */
  values: Pick<ValuesOfTasks, "of" | "forget">;
  now: () => number;
  /** The answer of an effect: it is ticked off together with what the answer changes. */
  answered: (input: Input, effect: Effect) => void;
  /** Looked at before a container of this task is stopped, while it can still be asked. */
  beforeStop: (task: string) => Promise<void>;
  /** Why nothing new may be started at the moment. It is tried again and again. */
  holdsStarts?: () => string | undefined;
  /** The pause after a first failure, in milliseconds; each further one is twice as long, up to 5 s. */
  firstPause?: number;
  /** How long the exit of a container that has been stopped is waited for, in milliseconds. */
  exitPatience?: number;
}

const longestPause = 5000;
const longestExit = 4000;
const exitLook = 20;
/** So often is tried what fails for a reason that nobody has foreseen. */
const mostTries = 5;

/** Does what the engine wants, at least once. What belongs to one container happens in order, after its task has been
 *  prepared and before it is removed; containers and tasks side by side. */
export class EffectRunner {
  readonly #parts: EffectRunnerParts;
  /** Task → what of it is under way, by container; `undefined` is the task itself. */
  readonly #lines = new Map<string, Map<string | undefined, Promise<void>>>();
  readonly #closing = new AbortController();

  constructor(parts: EffectRunnerParts) {
    this.#parts = parts;
  }

  run(effect: Effect): void {
    const lines = this.#lines.get(effect.task) ?? new Map<string | undefined, Promise<void>>();
    this.#lines.set(effect.task, lines);
    const container = "container" in effect ? effect.container : undefined;
    const before = container === undefined ? [...lines.values()] : [lines.get(undefined), lines.get(container)];
    const mine = Promise.all(before).then(() => this.#untilDone(effect));
    lines.set(container, mine);
    void mine.finally(() => {
      if (lines.get(container) === mine) lines.delete(container);
      if (lines.size === 0 && this.#lines.get(effect.task) === lines) this.#lines.delete(effect.task);
    });
  }

  /** Begins nothing new and waits for what is running, at most so long. What was not done is still in the journal, and
   *  what was not seen finished is done again. */
  async close(limitMs: number): Promise<void> {
    this.#closing.abort();
    const limit = new AbortController();
    await Promise.race([
      Promise.allSettled([...this.#lines.values()].flatMap((lines) => [...lines.values()])),
      pause(limitMs, limit.signal),
    ]);
    limit.abort();
  }

  /** An Engine that is away is waited for; the effect stays in the journal meanwhile. */
  async #untilDone(effect: Effect): Promise<void> {
    let said: string | undefined;
    const { firstPause = 100 } = this.#parts;
    for (let tries = 1; !this.#closing.signal.aborted; tries++) {
      try {
        const answer = await this.#perform(effect);
        return this.#parts.answered(answer, effect);
      } catch (error) {
        const failure = failureOf(effect, error as Error, tries);
        if (failure !== undefined) return this.#parts.answered(failure, effect);
        const { message } = error as Error;
        if (message !== said) logLine(`${effect.type} ${effect.task}: ${message}`);
        said = message;
        await pause(Math.min(firstPause * 2 ** (tries - 1), longestPause), this.#closing.signal);
      }
    }
  }

  async #perform(effect: Effect): Promise<Input> {
    const { runtime } = this.#parts;
    const held = isStart(effect) ? this.#parts.holdsStarts?.() : undefined;
    if (held !== undefined) throw new RuntimeUnavailableError(held);
    switch (effect.type) {
      case "prepare-task": {
        const task = this.#taskToRun(effect.task);
        if (task === undefined) return { type: "tick" };
        return { type: "task-prepared", task: effect.task, ...(await runtime.prepareTask(task)) };
      }
      case "start-container": {
        const task = this.#taskToRun(effect.task);
        if (task === undefined) return { type: "tick" };
        const { runtimeId, startedAt } = await runtime.startContainer(task, effect.container, effect.attempt);
        const { container, attempt } = effect;
        return { type: "container-started", task: effect.task, container, attempt, runtimeId, at: startedAt };
      }
      case "stop-container": {
        const { container, attempt, timeoutSeconds } = effect;
        await this.#parts.beforeStop(effect.task);
        await runtime.stopContainer(effect.task, container, attempt, timeoutSeconds);
        await this.#exitSeen(effect.task, container, attempt);
        return { type: "container-stopped", task: effect.task, container, attempt, at: this.#parts.now() };
      }
      case "remove-task":
        await runtime.removeTask(effect.task);
        this.#parts.values.forget(effect.task);
        return { type: "task-removed", task: effect.task };
    }
  }

  /** The exit with its code is reported apart, after the last lines of the log; nobody waits long for it. */
  async #exitSeen(id: string, container: string, attempt: number): Promise<void> {
    const { exitPatience = longestExit } = this.#parts;
    for (let waited = 0; waited < exitPatience && !this.#closing.signal.aborted; waited += exitLook) {
      const found = this.#parts.state().tasks[id]?.containers.find((one) => one.name === container);
      if (found === undefined || found.attempt !== attempt || found.lastStatus !== "RUNNING") return;
      await pause(exitLook, this.#closing.signal);
    }
  }

  #taskToRun(id: string): TaskToRun | undefined {
    const state = this.#parts.state();
    const task = state.tasks[id];
    const deployment = state.services[task?.serviceId ?? ""]?.deployments.find((one) => one.id === task?.deploymentId);
    if (task === undefined || deployment === undefined) return undefined;
    const { plan, images } = deployment.spec;
    return {
      id,
      serviceId: task.serviceId,
      revision: task.revision,
      plan,
      images,
      values: this.#parts.values.of(id, plan),
      accessPoints: accessPointsOf(plan),
      isOneOff: state.services[task.serviceId]?.taskGroup === true,
    };
  }
}

function isStart({ type }: Effect): boolean {
  return type === "prepare-task" || type === "start-container";
}

/** What an effect that cannot be done answers; undefined while it is to be tried again. What is to go is tried until it
 *  has gone. */
function failureOf(effect: Effect, error: Error, tries: number): Input | undefined {
  if (effect.type === "stop-container" || effect.type === "remove-task") return undefined;
  const isFinal = error instanceof RuntimeError || (!(error instanceof RuntimeUnavailableError) && tries >= mostTries);
  if (!isFinal) return undefined;
  const { task } = effect;
  if (effect.type === "prepare-task") {
    const known = error instanceof RuntimeError;
    const reason = known ? error.error : { name: "ResourceInitializationError", message: error.message };
    return { type: "task-prepare-failed", task, container: known ? error.container : undefined, error: reason };
  }
  const reason =
    error instanceof RuntimeError ? error.error : { name: "CannotStartContainerError", message: error.message };
  return { type: "container-failed", task, container: effect.container, attempt: effect.attempt, error: reason };
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
