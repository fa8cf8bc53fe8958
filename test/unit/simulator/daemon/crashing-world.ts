import { setImmediate as turn } from "node:timers/promises";
import { vi } from "vitest";
import { Discovery } from "../../../../src/simulator/daemon/discovery.ts";
import { EffectRunner } from "../../../../src/simulator/daemon/effect-runner.ts";
import { resume } from "../../../../src/simulator/daemon/resume.ts";
import { Simulator, SimulatorClosed } from "../../../../src/simulator/daemon/simulator.ts";
import { type Effect, effectId } from "../../../../src/simulator/engine/effects.ts";
import type { Input } from "../../../../src/simulator/engine/inputs.ts";
import type { SimulatorState } from "../../../../src/simulator/engine/state.ts";
import type {
  Runtime,
  RuntimeContainer,
  RuntimeObserver,
  TaskToRun,
} from "../../../../src/simulator/runtime/runtime.ts";

interface Container extends RuntimeContainer {
  starts: number;
}

interface Incarnation {
  simulator: Simulator;
  discovery: Discovery;
  observer: RuntimeObserver;
  isDead: boolean;
  death: Promise<void>;
}

/** A machine with containers and a disk, which outlive the daemons that use them, and a daemon that may die at any
 *  boundary: before and after each transaction, before, within and after each effect. Timers are the test's. */
export class CrashingWorld {
  /** Boundaries that daemons have come to. */
  passed = 0;
  crashes = 0;
  /** By name. */
  readonly machine = new Map<string, Container>();
  readonly names = new Map<string, string[]>();
  readonly disk = { services: {} as Record<string, string>, tasks: {} as Record<string, string> };
  readonly journal = new Map<string, string>();
  #daemon: Incarnation | undefined;
  readonly #dies: (boundary: number) => boolean;
  readonly #random: () => number;

  readonly #meanwhile: (world: CrashingWorld) => void;

  /** @param dies whether the daemon dies at its nth boundary
   *  @param meanwhile what happens between the death of a daemon and the start of the next */
  constructor(
    dies: (boundary: number) => boolean,
    random: () => number,
    meanwhile: (world: CrashingWorld) => void = () => {},
  ) {
    this.#dies = dies;
    this.#random = random;
    this.#meanwhile = meanwhile;
  }

  get state(): SimulatorState {
    return this.#daemon?.simulator.state ?? this.written();
  }

  /** What a next daemon would find. */
  written(): SimulatorState {
    const load = (rows: Record<string, string>) =>
      Object.fromEntries(Object.entries(rows).map(([id, row]) => [id, JSON.parse(row)]));
    return { speed: 1000, services: load(this.disk.services), tasks: load(this.disk.tasks) };
  }

  /** Takes a request in, again when the daemon died before it was written. */
  async request(input: Input, isTaken: () => boolean): Promise<void> {
    do
      try {
        (await this.#living()).simulator.apply(input);
      } catch (error) {
        if (!(error instanceof Died || error instanceof SimulatorClosed)) throw error;
        await this.#living();
      }
    while (!isTaken());
  }

  /** Ends a container as somebody else would. */
  kill(name: string, exitCode: number): void {
    const container = this.machine.get(name);
    if (container?.state === "running") this.#exit(container, exitCode);
  }

  /** Ends a container that runs, of any task. @param container undefined for one that holds a network */
  killOne(container: string | undefined): void {
    const found = [...this.machine.values()].find((one) => one.container === container && one.state === "running");
    if (found !== undefined) this.#exit(found, 137);
  }

  /** Removes all containers of a task. */
  removeTask(): void {
    const [first] = this.machine.values();
    for (const [name, { task }] of this.machine) if (task === first?.task) this.machine.delete(name);
  }

  /** Lets everything happen, time included, until nothing is left to do. */
  async settle(): Promise<void> {
    for (let round = 0; round < 10_000; round++) {
      const { simulator, discovery, death } = await this.#living();
      for (let turns = 0; turns < 5; turns++) await turn();
      if (this.#daemon === undefined) continue;
      const before = simulator.state;
      this.#loadBalancer();
      if (this.#daemon === undefined || simulator.state !== before) continue;
      if (this.journal.size > 0 || waits(simulator.state)) await vi.advanceTimersByTimeAsync(10);
      else {
        await Promise.race([discovery.settled(), death]);
        if (this.#daemon?.simulator.state === before) return;
      }
    }
    throw new Error(
      `does not come to rest:\n${JSON.stringify([...this.journal])}\n${JSON.stringify(this.state.tasks)}`,
    );
  }

  async #living() {
    while (this.#daemon === undefined) {
      if (this.crashes > 0) this.#meanwhile(this);
      await this.#start();
    }
    return this.#daemon;
  }

  async #start(): Promise<void> {
    const daemon = { isDead: false } as Incarnation;
    let tellDeath = (): void => {};
    daemon.death = new Promise<void>((resolve) => (tellDeath = resolve));
    const die = () => {
      this.crashes += 1;
      tellDeath();
      daemon.isDead = true;
      daemon.simulator?.close();
      this.#daemon = undefined;
    };
    const boundary = () => {
      if (daemon.isDead || this.#dies(this.passed++)) {
        if (!daemon.isDead) die();
        throw new Died();
      }
    };
    const state = this.written();
    daemon.observer = {
      exited: (event) => daemon.simulator.report({ type: "container-exited", ...event }),
      lost: (task) => daemon.simulator.report({ type: "task-lost", task }),
      log: () => {},
      available: () => {},
    };
    const runtime = this.#runtime(boundary);
    daemon.simulator = new Simulator(state, {
      store: { commit: (before, after, effects, done) => this.#commit(boundary, before, after, effects, done) },
      now: () => Date.now(),
      random: this.#random,
      run: (effect) => runner.run(effect),
    });
    daemon.discovery = new Discovery(runtime, { settling: 0, leaving: 0 });
    daemon.simulator.onChange((before, after) => daemon.discovery.follow(before, after));
    const runner = new EffectRunner({
      runtime,
      state: () => daemon.simulator.state,
      now: () => Date.now(),
      answered: (input, effect) => daemon.simulator.report(input, effect),
      beforeStop: async () => undefined,
      exitPatience: 0,
      values: { of: () => ({ secrets: {}, environmentFiles: {} }), forget: () => {} },
    });
    const journal = [...this.journal.values()].map((row) => JSON.parse(row) as Effect);
    this.#daemon = daemon;
    const { simulator, discovery } = daemon;
    try {
      const resumed = resume({ simulator, runtime, runner, discovery, now: () => Date.now() }, journal, false);
      await Promise.race([resumed, daemon.death]);
    } catch (error) {
      if (!(error instanceof Died)) throw error;
    }
  }

  #commit(
    boundary: () => void,
    before: SimulatorState,
    after: SimulatorState,
    effects: readonly Effect[],
    done?: Effect,
  ): void {
    boundary();
    for (const kind of ["services", "tasks"] as const) {
      for (const [id, value] of Object.entries(after[kind])) this.disk[kind][id] = JSON.stringify(value);
      for (const id of Object.keys(before[kind])) if (after[kind][id] === undefined) delete this.disk[kind][id];
    }
    if (done !== undefined) this.journal.delete(effectId(done));
    for (const effect of effects)
      if (!this.journal.has(effectId(effect))) this.journal.set(effectId(effect), JSON.stringify(effect));
    boundary();
  }

  /** Idempotent as the real ones are, with a boundary wherever they ask the Engine for something. */
  #runtime(boundary: () => void): Runtime {
    // A daemon that has died is never answered.
    const pause = async () => {
      await Promise.resolve();
      try {
        boundary();
      } catch {
        await new Promise(() => {});
      }
    };
    const machine = this.machine;
    const add = (task: TaskToRun, container: string | undefined, attempt: number): Container => {
      const name = nameOf(task.id, container, attempt);
      const known = machine.get(name);
      if (known !== undefined) return known;
      const runtimeId = `${name} on the machine`;
      const { id, serviceId } = task;
      const made = {
        task: id,
        serviceId,
        container,
        attempt,
        runtimeId,
        state: "created" as const,
        ports: {},
        starts: 0,
      };
      machine.set(name, made);
      return made;
    };
    const start = (task: TaskToRun, container: Container): void => {
      if (container.state !== "created") return this.#tellAgain(container);
      Object.assign(container, { state: "running", startedAt: Date.now(), starts: container.starts + 1 });
      const exitCode = programs[task.images[container.container ?? ""] ?? ""];
      if (exitCode !== undefined) void turn().then(() => this.#exit(container, exitCode));
    };
    const runtime: Partial<Runtime> = {
      prepareTask: async (task) => {
        await pause();
        const network = add(task, undefined, 0);
        await pause();
        start(task, network);
        await pause();
        return { ports: { 80: 40_000 }, images: task.images };
      },
      startContainer: async (task, container, attempt) => {
        await pause();
        const made = add(task, container, attempt);
        await pause();
        start(task, made);
        await pause();
        return { runtimeId: made.runtimeId, startedAt: made.startedAt ?? Date.now() };
      },
      stopContainer: async (task, container, attempt) => {
        await pause();
        const found = machine.get(nameOf(task, container, attempt));
        if (found?.state === "running") this.#exit(found, 143);
        await turn();
        await pause();
      },
      removeTask: async (task) => {
        await pause();
        for (const [name, one] of [...machine].toReversed())
          if (one.task === task) {
            machine.delete(name);
            await pause();
          }
        this.names.delete(task);
      },
      attachDiscovery: async (task, names) => {
        await pause();
        const isRunning = machine.get(nameOf(task))?.state === "running";
        this.names.delete(task);
        await pause();
        if (isRunning) this.names.set(task, names.names);
      },
      detachDiscovery: async (task) => {
        await pause();
        this.names.delete(task);
      },
      list: async () => {
        await pause();
        return [...machine.values()];
      },
      adopt: async (tasks) => {
        await pause();
        for (const one of machine.values()) if (tasks.some(({ id }) => id === one.task)) this.#tellAgain(one);
      },
    };
    return runtime as Runtime;
  }

  #exit(container: Container, exitCode: number): void {
    if (container.state !== "running") return;
    Object.assign(container, { state: "exited", exitCode, finishedAt: Date.now() });
    this.#tell(container);
  }

  #tellAgain(container: Container): void {
    if (container.state === "exited") void turn().then(() => this.#tell(container));
  }

  #tell({ task, container, attempt, exitCode = 0, finishedAt = 0 }: Container): void {
    if (container === undefined) this.#daemon?.observer.lost(task);
    else this.#daemon?.observer.exited({ task, container, attempt, exitCode, outOfMemory: false, at: finishedAt });
  }

  /** Every target is well, and nobody has a request open. */
  #loadBalancer(): void {
    for (const { id, lastStatus, targets, idle } of Object.values(this.state.tasks)) {
      const { simulator } = this.#daemon ?? {};
      if (lastStatus === "DEACTIVATING" && !idle) simulator?.report({ type: "task-idle", task: id });
      for (const { targetGroup, state } of targets)
        if (lastStatus === "RUNNING" && state === "initial")
          simulator?.report({ type: "target-checked", task: id, targetGroup, result: { ok: true } });
    }
  }
}

/** What ends by itself, with which code. */
const programs: Record<string, number> = { "sha256:exits": 1, "sha256:done": 0 };

export function nameOf(task: string, container?: string, attempt = 0): string {
  return container === undefined ? `${task} network` : `${task} ${container} ${attempt}`;
}

/** Something will happen by itself. */
function waits({ services, tasks }: SimulatorState): boolean {
  return (
    Object.values(tasks).some((task) => task.lastStatus !== "STOPPED" && task.lastStatus !== "RUNNING") ||
    Object.values(tasks).some((task) => task.lastStatus === "RUNNING" && task.desiredStatus === "STOPPED") ||
    Object.values(services).some(
      (service) =>
        service.status === "ACTIVE" &&
        service.deployments.some(
          ({ id, status, desiredCount, rolloutState }) =>
            (status === "PRIMARY" && rolloutState === "IN_PROGRESS") ||
            (status !== "INACTIVE" &&
              desiredCount !==
                Object.values(tasks).filter((task) => task.deploymentId === id && task.lastStatus === "RUNNING")
                  .length),
        ),
    )
  );
}

/** The process is gone. */
class Died extends Error {}
