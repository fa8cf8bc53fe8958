import { setTimeout as sleep } from "node:timers/promises";
import type { Effect } from "../engine/effects.ts";
import type { ContainerError, Input } from "../engine/inputs.ts";
import type { SimulatorState } from "../engine/state.ts";
import { type Runtime, RuntimeError, type TaskToRun } from "../runtime/runtime.ts";

export interface EffectRunnerParts {
  runtime: Runtime;
  state: () => SimulatorState;
  /** The answer of an effect: it is ticked off together with what the answer changes. */
  answered: (input: Input, effect: Effect) => void;
  /** Looked at before a container of this task is stopped, while it can still be asked. */
  beforeStop: (task: string) => Promise<void>;
}

/** Does what the engine wants, at least once. What belongs to one task happens in order; tasks side by side. */
export class EffectRunner {
  readonly #parts: EffectRunnerParts;
  readonly #lines = new Map<string, Promise<void>>();
  #closed = false;

  constructor(parts: EffectRunnerParts) {
    this.#parts = parts;
  }

  run(effect: Effect): void {
    const before = this.#lines.get(effect.task) ?? Promise.resolve();
    const mine = before.then(() => this.#untilDone(effect));
    this.#lines.set(effect.task, mine);
    void mine.finally(() => {
      if (this.#lines.get(effect.task) === mine) this.#lines.delete(effect.task);
    });
  }

  /** Begins nothing new and waits for what is running; what was not done is still in the journal. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#lines.values());
  }

  /** An Engine that is away is waited for; the effect stays in the journal meanwhile. */
  async #untilDone(effect: Effect): Promise<void> {
    for (let pause = 100; !this.#closed; pause = Math.min(pause * 2, 5000)) {
      try {
        this.#parts.answered(await this.#perform(effect), effect);
        return;
      } catch (error) {
        if (error instanceof RuntimeError) {
          this.#parts.answered(failure(effect, error.error, error.container), effect);
          return;
        }
        process.stderr.write(
          `${new Date().toISOString()} ${effect.type} ${effect.task}: ${(error as Error).message}\n`,
        );
        await sleep(pause);
      }
    }
  }

  async #perform(effect: Effect): Promise<Input> {
    const { runtime } = this.#parts;
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
        return {
          type: "container-started",
          task: effect.task,
          container: effect.container,
          attempt: effect.attempt,
          runtimeId,
          at: startedAt,
        };
      }
      case "stop-container":
        await this.#parts.beforeStop(effect.task);
        await runtime.stopContainer(effect.task, effect.container, effect.attempt, effect.timeoutSeconds);
        return { type: "tick" };
      case "remove-task":
        await runtime.removeTask(effect.task);
        return { type: "task-removed", task: effect.task };
    }
  }

  #taskToRun(id: string): TaskToRun | undefined {
    const state = this.#parts.state();
    const task = state.tasks[id];
    const deployment = state.services[task?.serviceId ?? ""]?.deployments.find((one) => one.id === task?.deploymentId);
    if (task === undefined || deployment === undefined) return undefined;
    const { plan, images } = deployment.spec;
    return { id, serviceId: task.serviceId, revision: task.revision, plan, images };
  }
}

function failure(effect: Effect, error: ContainerError, container: string | undefined): Input {
  switch (effect.type) {
    case "prepare-task":
      return { type: "task-prepare-failed", task: effect.task, container, error };
    case "start-container":
      return {
        type: "container-failed",
        task: effect.task,
        container: effect.container,
        attempt: effect.attempt,
        error,
      };
    case "stop-container":
      return { type: "tick" };
    case "remove-task":
      return { type: "task-removed", task: effect.task };
  }
}
