import type { ExecSession } from "../../src/providers/provider.ts";
import type {
  LocalTaskGroups,
  TaskEvent,
  TaskExecRequest,
  TaskGroupDefinition,
  TaskGroupRef,
  TasksOutcome,
  TasksToStart,
} from "../../src/providers/task-groups.ts";

/** What tasks do: what is told of them, what is waited for, and how they end. */
export interface TaskScript {
  steps: (TaskEvent | ((signal: AbortSignal) => void | Promise<void>))[];
  outcome: TasksOutcome;
}

/** Task groups that are there once they were defined; their tasks do what a test has written down. */
export class FakeTasks implements LocalTaskGroups {
  readonly defined = new Map<string, TaskGroupDefinition>();
  readonly started: TasksToStart[] = [];
  readonly deleted: string[] = [];
  readonly #script: TaskScript | undefined;
  readonly #exec: (request: TaskExecRequest) => Promise<ExecSession>;

  constructor(script: TaskScript | undefined, exec: (request: TaskExecRequest) => Promise<ExecSession>) {
    this.#script = script;
    this.#exec = exec;
  }

  async check(): Promise<void> {}

  async define(definition: TaskGroupDefinition): Promise<void> {
    this.defined.set(definition.plan.group, definition);
  }

  async *start(request: TasksToStart, signal: AbortSignal): AsyncGenerator<TaskEvent, TasksOutcome, void> {
    this.started.push(request);
    const { steps, outcome } = this.#script ?? { steps: [], outcome: { outcome: "completed", tasks: [] } };
    for (const step of steps) {
      if (typeof step === "function") await step(signal);
      else yield step;
      if (signal.aborted) return { ...outcome, outcome: "interrupted" };
    }
    return outcome;
  }

  async stop(): Promise<string[]> {
    return [];
  }

  async list(): Promise<string[]> {
    return [...this.defined.keys()].toSorted();
  }

  exec(request: TaskExecRequest): Promise<ExecSession> {
    return this.#exec(request);
  }

  async delete({ group }: TaskGroupRef): Promise<void> {
    this.defined.delete(group);
    this.deleted.push(group);
  }
}
