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
  /** Service → those of its tasks that are just getting their names. */
  readonly #arriving = new Map<string, Set<Promise<void>>>();
  /** Tasks whose names have been taken away, until nobody can be about to connect by them. */
  readonly #leaving = new Map<string, Promise<void>>();

  constructor(runtime: NamingRuntime, given = times) {
    this.#runtime = runtime;
    this.#times = given;
  }

  follow(before: SimulatorState, after: SimulatorState): void {
    if (before.tasks === after.tasks) return;
    const changed = Object.values(after.tasks).flatMap((task) => {
      if (isOneOff(after, task)) return [];
      const former = before.tasks[task.id];
      const had = former !== undefined && hasNames(former);
      return former === task || had === hasNames(task) ? [] : [{ task, had }];
    });
    for (const { task, had } of changed) if (!had) this.#attach(after, task);
    for (const { task, had } of changed) if (had) this.#detach(task);
  }

  /** After a restart, when nobody knows what had been done. */
  recover(state: SimulatorState): void {
    for (const task of Object.values(state.tasks))
      if (isOneOff(state, task)) continue;
      else if (hasNames(task)) this.#attach(state, task);
      else if (task.prepared && task.lastStatus !== "STOPPED") this.#detach(task);
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
    const arriving = this.#arriving.get(task.serviceId) ?? new Set();
    this.#arriving.set(task.serviceId, arriving);
    const attached = this.#then(task.id, async () => {
      if (!isChecked(task)) await sleep(this.#times.settling);
      if (!this.#leaving.has(task.id)) await this.#runtime.attachDiscovery(task.id, namesOf(state, task));
    });
    arriving.add(attached);
    void attached.then(() => {
      arriving.delete(attached);
      if (arriving.size === 0 && this.#arriving.get(task.serviceId) === arriving) this.#arriving.delete(task.serviceId);
    });
  }

  /** Who takes its place has its names first, so that there is always somebody. */
  #detach({ id, serviceId }: Task): void {
    const others = Promise.all(this.#arriving.get(serviceId) ?? []);
    const detached = this.#then(id, async () => {
      await others;
      await this.#runtime.detachDiscovery(id);
    });
    const leaving = detached.then(() => sleep(this.#times.leaving));
    this.#leaving.set(id, leaving);
    void leaving.then(() => {
      if (this.#leaving.get(id) === leaving) this.#leaving.delete(id);
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

/** Nobody looks for one-off tasks, which find others from their beginning: their programs are not disturbed. */
function isOneOff({ services }: SimulatorState, { serviceId }: Task): boolean {
  return services[serviceId]?.taskGroup === true;
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
