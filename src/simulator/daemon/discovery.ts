import type { SimulatorState, Task } from "../engine/state.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { logLine } from "./daemon-log.ts";

/** Keeps the names by which tasks of an environment find each other in step with the state: a task has its names from
 *  RUNNING until it is told to stop. */
export class Discovery {
  readonly #runtime: Pick<Runtime, "attachDiscovery" | "detachDiscovery">;
  /** What belongs to one task happens in order. */
  readonly #lines = new Map<string, Promise<void>>();

  constructor(runtime: Pick<Runtime, "attachDiscovery" | "detachDiscovery">) {
    this.#runtime = runtime;
  }

  follow(before: SimulatorState, after: SimulatorState): void {
    if (before.tasks === after.tasks) return;
    for (const [id, task] of Object.entries(after.tasks)) {
      const former = before.tasks[id];
      if (former === task) continue;
      if (hasNames(task) && !(former && hasNames(former))) this.#attach(task);
      else if (former && hasNames(former) && !hasNames(task)) this.#detach(id);
    }
  }

  /** After a restart, when nobody knows what had been done. */
  recover(state: SimulatorState): void {
    for (const task of Object.values(state.tasks)) if (hasNames(task)) this.#attach(task);
  }

  /** Resolves when what has been asked for so far is done. */
  async settled(): Promise<void> {
    await Promise.all(this.#lines.values());
  }

  #attach(task: Task): void {
    this.#then(task.id, () => this.#runtime.attachDiscovery(task.id, namesOf(task)));
  }

  #detach(task: string): void {
    this.#then(task, () => this.#runtime.detachDiscovery(task));
  }

  #then(task: string, work: () => Promise<void>): void {
    const before = this.#lines.get(task) ?? Promise.resolve();
    const mine = before.then(work).catch((error: Error) => logLine(`names of task ${task}: ${error.message}`));
    this.#lines.set(task, mine);
    void mine.finally(() => {
      if (this.#lines.get(task) === mine) this.#lines.delete(task);
    });
  }
}

function hasNames({ lastStatus, desiredStatus }: Task): boolean {
  return lastStatus === "RUNNING" && desiredStatus === "RUNNING";
}

/** As Copilot registers a service in Cloud Map, and its short form. */
function namesOf({ serviceId }: Task): string[] {
  const [app, env, name] = serviceId.split("/");
  return [`${name}.${env}.${app}.local`, name as string];
}
