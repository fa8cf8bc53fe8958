import { setTimeout as sleep } from "node:timers/promises";
import type { SimulatorState, Task } from "../engine/state.ts";
import type { DiscoveryNames, Runtime } from "../runtime/runtime.ts";
import { logLine } from "./daemon-log.ts";

type NamingRuntime = Pick<Runtime, "attachDiscovery" | "detachDiscovery">;

/** In milliseconds of the user's time. */
export interface DiscoveryTimes {
  /** From RUNNING to the names, without a health check that says when the program is up. */
  settling: number;
  /** From the end of the names to the stop signal. */
  leaving: number;
}

/** A program is up a moment after its container is, and is not disturbed before. While names are taken away, a connection
 *  that is just being opened may lose its first packet, which the kernel sends again after a second. */
const times: DiscoveryTimes = { settling: 500, leaving: 1250 };

/** Keeps the names by which tasks of an environment find each other in step with the state: a task has its names from
 *  RUNNING until it is told to stop, and with a container health check only while it is HEALTHY. */
export class Discovery {
  readonly #runtime: NamingRuntime;
  readonly #times: DiscoveryTimes;
  /** What belongs to one task happens in order. */
  readonly #lines = new Map<string, Promise<void>>();
  /** Tasks whose names have been taken away, until nobody can be about to connect by them. */
  readonly #leaving = new Map<string, Promise<void>>();

  constructor(runtime: NamingRuntime, given = times) {
    this.#runtime = runtime;
    this.#times = given;
  }

  follow(before: SimulatorState, after: SimulatorState): void {
    if (before.tasks === after.tasks) return;
    for (const [id, task] of Object.entries(after.tasks)) {
      const former = before.tasks[id];
      if (former === task) continue;
      const had = former !== undefined && hasNames(former);
      if (hasNames(task) && !had) this.#attach(after, task);
      else if (had && !hasNames(task)) this.#detach(id);
    }
  }

  /** After a restart, when nobody knows what had been done. */
  recover(state: SimulatorState): void {
    for (const task of Object.values(state.tasks))
      if (hasNames(task)) this.#attach(state, task);
      else if (task.prepared && task.lastStatus !== "STOPPED") this.#detach(task.id);
  }

  /** Resolves when nobody finds the task any more, nor is about to connect to it; at once when it had no names. */
  async left(task: string): Promise<void> {
    await this.#leaving.get(task);
  }

  /** Resolves when what has been asked for so far is done. */
  async settled(): Promise<void> {
    await Promise.all(this.#lines.values());
  }

  #attach(state: SimulatorState, task: Task): void {
    this.#leaving.delete(task.id);
    void this.#then(task.id, async () => {
      if (!isChecked(task)) await sleep(this.#times.settling);
      if (!this.#leaving.has(task.id)) await this.#runtime.attachDiscovery(task.id, namesOf(state, task));
    });
  }

  #detach(task: string): void {
    const detached = this.#then(task, () => this.#runtime.detachDiscovery(task));
    const leaving = detached.then(() => sleep(this.#times.leaving));
    this.#leaving.set(task, leaving);
    void leaving.then(() => {
      if (this.#leaving.get(task) === leaving) this.#leaving.delete(task);
    });
  }

  #then(task: string, work: () => Promise<void>): Promise<void> {
    const before = this.#lines.get(task) ?? Promise.resolve();
    const mine = before.then(work).catch((error: Error) => logLine(`names of task ${task}: ${error.message}`));
    this.#lines.set(task, mine);
    void mine.finally(() => {
      if (this.#lines.get(task) === mine) this.#lines.delete(task);
    });
    return mine;
  }
}

function hasNames(task: Task): boolean {
  const { lastStatus, desiredStatus, health } = task;
  return lastStatus === "RUNNING" && desiredStatus === "RUNNING" && (!isChecked(task) || health === "HEALTHY");
}

function isChecked({ containers }: Task): boolean {
  return containers.some((container) => container.essential && container.health !== undefined);
}

/** As Copilot registers a service in Cloud Map, its short form, and what it is called by Service Connect. */
function namesOf({ services }: SimulatorState, { serviceId, deploymentId }: Task): DiscoveryNames {
  const [app, env, name = ""] = serviceId.split("/");
  const plan = services[serviceId]?.deployments.find(({ id }) => id === deploymentId)?.spec.plan;
  const connected = plan?.service.serviceConnectConfiguration?.services ?? [];
  const aliases = connected.flatMap(({ clientAliases = [] }) => clientAliases.map(({ dnsName = "" }) => dnsName));
  return { names: [`${name}.${env}.${app}.local`, name], aliases: aliases.filter(Boolean) };
}
