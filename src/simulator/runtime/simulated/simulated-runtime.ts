import { createHash } from "node:crypto";
import { checkTask } from "../check-task.ts";
import { RuntimeError } from "../runtime.ts";
import type { DiscoveryNames, ExecSession, Listener, PreparedTask, Runtime } from "../runtime.ts";
import type { RuntimeContainer, RuntimeObserver, TaskToRun } from "../runtime.ts";
import type { SimulatedRuntimeOptions } from "../simulated.ts";
import { definitionOf, hasConnect, portsOf } from "../task-definition.ts";
import type { SimulatedContainer, SimulatedMachine, SimulatedTask } from "./machine.ts";
import { answeringProgram } from "./program.ts";
import type { SimulatedProcess, SimulatedProgram } from "./program.ts";

const terminated = 143;
const killed = 137;

export class SimulatedRuntime implements Runtime {
  readonly kind = "simulated";
  readonly description: string;
  readonly #machine: SimulatedMachine;
  readonly #owner: string;
  readonly #observer: RuntimeObserver;
  readonly #logPosition: SimulatedRuntimeOptions["logPosition"];
  readonly #program: SimulatedProgram;
  readonly #missing: (reference: string) => boolean;
  readonly #unsubscribe: () => void;
  readonly #reported = new Set<string>();

  constructor(options: SimulatedRuntimeOptions, machine: SimulatedMachine) {
    this.description = `simulated (${options.reason})`;
    this.#machine = machine;
    this.#owner = options.owner ?? "";
    this.#observer = options.observer;
    this.#logPosition = options.logPosition;
    this.#program = options.program ?? answeringProgram;
    this.#missing = options.missing ?? (() => false);
    this.#unsubscribe = machine.onChange((task, container, change) => {
      if (task.owner !== this.#owner) return;
      if (change === "exited") this.#reportExit(container);
      else if ("line" in change) this.#deliver(container, [change.line]);
      else this.#reportHealth(container);
    });
  }

  async prepareTask(task: TaskToRun): Promise<PreparedTask> {
    checkTask(task);
    const images: Record<string, string> = {};
    for (const { name = "" } of task.plan.taskDefinition.containerDefinitions ?? [])
      images[name] = this.#resolve(task, name);
    const known = this.#machine.task(this.#owner, task.id);
    const standing =
      known ??
      (await this.#machine.addTask(
        {
          owner: this.#owner,
          id: task.id,
          serviceId: task.serviceId,
          runtimeId: hash(`${this.#owner}/${task.id}`),
          connect: hasConnect(task),
        },
        portsOf(task),
      ));
    return { ports: { ...standing.ports }, images };
  }

  async startContainer(
    task: TaskToRun,
    container: string,
    attempt: number,
  ): Promise<{ runtimeId: string; startedAt: number }> {
    const standing = this.#machine.task(this.#owner, task.id);
    if (standing === undefined)
      throw new RuntimeError("CannotCreateContainerError", "the task has no network", container);
    const known = standing.containers.find((one) => one.container === container && one.attempt === attempt);
    const running = known ?? this.#start(task, standing, container, attempt);
    if (known !== undefined)
      setImmediate(() => {
        this.#reportHealth(running);
        if (running.state !== "exited") return;
        this.#reported.delete(running.runtimeId);
        this.#reportExit(running);
      });
    return { runtimeId: running.runtimeId, startedAt: running.startedAt ?? Date.now() };
  }

  async stopContainer(task: string, container: string, attempt: number, timeoutSeconds: number): Promise<void> {
    const standing = this.#machine.task(this.#owner, task);
    const running = standing?.containers.find((one) => one.container === container && one.attempt === attempt);
    if (standing === undefined || running?.state !== "running") return;
    const ended = new Promise<void>((resolve) => {
      const unsubscribe = this.#machine.onChange((_task, changed, change) => {
        if (changed !== running || change !== "exited") return;
        unsubscribe();
        resolve();
      });
    });
    const kill = setTimeout(() => this.#machine.exit(standing, running, killed), timeoutSeconds * 1000);
    if (running.stop === undefined) this.#machine.exit(standing, running, terminated);
    else running.stop();
    await ended;
    clearTimeout(kill);
  }

  async removeTask(task: string): Promise<void> {
    const standing = this.#machine.task(this.#owner, task);
    if (standing === undefined) return;
    for (const { runtimeId } of standing.containers) this.#reported.add(runtimeId);
    await this.#machine.remove(standing);
  }

  async attachDiscovery(task: string, names: DiscoveryNames): Promise<void> {
    const standing = this.#machine.task(this.#owner, task);
    if (standing !== undefined) standing.known = standing.connect ? names : { ...names, aliases: [] };
  }

  async detachDiscovery(task: string): Promise<void> {
    await this.attachDiscovery(task, { names: [], aliases: [] });
  }

  async exec(_task: string, container: string): Promise<ExecSession> {
    const why = "nothing of its image runs in the simulated runtime";
    throw new RuntimeError(
      "TargetNotConnectedException",
      `container ${container} takes no commands: ${why}`,
      container,
    );
  }

  async list(): Promise<RuntimeContainer[]> {
    return this.#machine.tasks(this.#owner).flatMap((task) => [pauseOf(task), ...task.containers.map(asListed)]);
  }

  async adopt(tasks: Pick<TaskToRun, "id">[]): Promise<void> {
    for (const { id } of tasks)
      for (const container of this.#machine.task(this.#owner, id)?.containers ?? []) {
        const from = this.#logPosition?.(container.serviceId, id, container.container ?? "") ?? 0;
        this.#deliver(
          container,
          container.log.filter(({ at }) => at > from),
        );
        this.#reportHealth(container);
        if (container.state === "exited") this.#reportExit(container);
      }
  }

  async listeners(task: string): Promise<Listener[] | undefined> {
    const standing = this.#machine.task(this.#owner, task);
    if (standing === undefined) return undefined;
    const ports = standing.containers.every(({ serve }) => serve === undefined)
      ? []
      : Object.keys(standing.ports).map(Number);
    return ports.map((port) => ({ address: "0.0.0.0", port }));
  }

  async imageId(reference: string): Promise<string | undefined> {
    if (this.#missing(reference)) return undefined;
    return reference.startsWith("sha256:") ? reference : `sha256:${hash(reference)}`;
  }

  async keepImages(): Promise<void> {}

  async pruneImages(): Promise<void> {}

  async removeAll(): Promise<void> {
    await Promise.all(this.#machine.tasks(this.#owner).map(({ id }) => this.removeTask(id)));
  }

  async close(): Promise<void> {
    this.#unsubscribe();
  }

  #resolve(task: TaskToRun, container: string): string {
    const reference = task.images[container] ?? definitionOf(task, container).image ?? "";
    if (this.#missing(reference))
      throw new RuntimeError("CannotPullContainerError", `${reference}: not found`, container);
    return reference.startsWith("sha256:") ? reference : `sha256:${hash(reference)}`;
  }

  #start(task: TaskToRun, standing: SimulatedTask, name: string, attempt: number): SimulatedContainer {
    const container: SimulatedContainer = {
      task: task.id,
      serviceId: task.serviceId,
      container: name,
      attempt,
      runtimeId: hash(`${this.#owner}/${task.id}/${name}/${attempt}`),
      state: "running",
      startedAt: Date.now(),
      ports: {},
      log: [],
      stop: undefined,
      serve: undefined,
      ...(definitionOf(task, name).healthCheck?.command === undefined ? {} : { health: "UNKNOWN" as const }),
    };
    standing.containers.push(container);
    const process: SimulatedProcess = {
      print: (stream, line) => this.#machine.print(standing, container, stream, line),
      exit: (code) => this.#machine.exit(standing, container, code),
      onStop: (handler) => (container.stop = handler),
      health: (health) => {
        if (container.health !== undefined) this.#machine.setHealth(standing, container, health);
      },
      serve: (handler) => (container.serve = handler),
    };
    // The program begins after the answer to its start is out, as a real one's first words come after it.
    setImmediate(() => {
      if (container.state === "running") this.#program(task, name, process);
    });
    return container;
  }

  #deliver({ serviceId, task, container = "" }: SimulatedContainer, lines: SimulatedContainer["log"]): void {
    for (const line of lines) this.#observer.log({ serviceId, task, container, ...line });
  }

  #reportHealth({ task, container = "", attempt, state, health }: SimulatedContainer): void {
    if (health === undefined || health === "UNKNOWN" || state !== "running") return;
    this.#observer.health?.({ task, container, attempt, health });
  }

  #reportExit({
    task,
    container = "",
    attempt,
    runtimeId,
    exitCode = 0,
    finishedAt = Date.now(),
  }: SimulatedContainer): void {
    if (this.#reported.has(runtimeId)) return;
    this.#reported.add(runtimeId);
    this.#observer.exited({ task, container, attempt, exitCode, outOfMemory: false, at: finishedAt });
  }
}

function pauseOf({ id, serviceId, runtimeId, startedAt, ports }: SimulatedTask): RuntimeContainer {
  return {
    task: id,
    serviceId,
    container: undefined,
    attempt: 0,
    runtimeId,
    state: "running",
    startedAt,
    ports: { ...ports },
  };
}

function asListed({ log: _log, stop: _stop, serve: _serve, ...container }: SimulatedContainer): RuntimeContainer {
  return container;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
