import { randomInt } from "node:crypto";
import type { Hello } from "../control/connection.ts";
import type { Home } from "../control/home.ts";
import type { DaemonStatus } from "../protocol.ts";
import type { Edge } from "../edge/edge.ts";
import { createEdge } from "../edge/create-edge.ts";
import type { Effect } from "../engine/effects.ts";
import type { Service, SimulatorState, Task } from "../engine/state.ts";
import type { Runtime, RuntimeObserver } from "../runtime/runtime.ts";
import { Balancers } from "./balancers.ts";
import { describeService, type View } from "./describe.ts";
import { EffectRunner } from "./effect-runner.ts";
import { LogStore } from "./log-store.ts";
import { loadBalancerListener } from "./picture.ts";
import { recover } from "./recover.ts";
import { Simulator } from "./simulator.ts";
import { StopReports } from "./stop-reports.ts";
import type { Store } from "./store.ts";

export interface DaemonParts {
  home: Home;
  owner: string;
  hello: Hello;
  store: Store;
  speed: number;
  /** Connects the runtime; called once, with whom it reports to. */
  connect: (observer: RuntimeObserver, logs: LogStore) => Promise<{ runtime: Runtime; engineHost?: string }>;
  /** Whether a Docker Engine answers now, asked while the runtime is the simulated one. */
  engineAnswers: () => Promise<boolean>;
  /** The daemon has ended. */
  ended: (why: "shutdown" | "hand-over") => void;
}

/** The process's heart: engine, memory, runtime and edge wired together. */
export class Daemon {
  readonly simulator: Simulator;
  readonly balancers: Balancers;
  readonly logs: LogStore;
  readonly reports: StopReports;
  readonly runtime: Runtime;
  readonly #runner: EffectRunner;
  readonly #parts: DaemonParts;
  readonly #engineHost: string | undefined;
  readonly #startedAt = new Date().toISOString();
  #availability: { up: boolean; why: string };
  #stopping: Promise<void> | undefined;
  #clock = 0;

  /** Opens everything and recovers what a former daemon left. */
  static async start(parts: DaemonParts): Promise<Daemon> {
    const logs = new LogStore(parts.home.logs);
    const events: ((daemon: Daemon) => void)[] = [];
    let daemon: Daemon | undefined;
    const tell = (event: (daemon: Daemon) => void) => (daemon === undefined ? events.push(event) : event(daemon));
    const observer: RuntimeObserver = {
      exited: (event) => tell((one) => one.simulator.report({ type: "container-exited", ...event })),
      lost: (task) => tell((one) => one.simulator.report({ type: "task-lost", task })),
      log: (line) => logs.add(line),
      available: (up, why) => tell((one) => (one.#availability = { up, why: why ?? "" })),
    };
    const { runtime, engineHost } = await parts.connect(observer, logs);
    daemon = new Daemon(parts, runtime, engineHost, logs);
    await daemon.#recover();
    for (const event of events.splice(0)) event(daemon);
    return daemon;
  }

  private constructor(parts: DaemonParts, runtime: Runtime, engineHost: string | undefined, logs: LogStore) {
    this.#parts = parts;
    this.#engineHost = engineHost;
    this.runtime = runtime;
    this.logs = logs;
    this.#availability = { up: true, why: "" };
    const { services, tasks } = parts.store.load();
    this.simulator = new Simulator(
      { speed: parts.speed, services, tasks },
      {
        store: parts.store,
        now: () => this.now(),
        random: () => randomInt(2 ** 47) / 2 ** 47,
        run: (effect) => this.#runner.run(effect),
      },
    );
    const edge: Edge = createEdge({
      checked: (task, targetGroup, result) =>
        this.simulator.report({ type: "target-checked", task, targetGroup, result }),
      idle: (task) => this.simulator.report({ type: "task-idle", task }),
    });
    this.balancers = new Balancers(edge, parts.store, () => this.state);
    this.reports = new StopReports(runtime, logs);
    this.#runner = new EffectRunner({
      runtime,
      state: () => this.state,
      answered: (input, effect) => this.simulator.report(input, effect),
      beforeStop: (task) => this.reports.beforeStop(this.state.tasks[task]),
    });
    this.simulator.onChange((before, after) => this.#changed(before, after));
  }

  get state(): SimulatorState {
    return this.simulator.state;
  }

  get runtimeUp(): boolean {
    return this.#availability.up;
  }

  get runtimeProblem(): string {
    return this.#availability.why;
  }

  /** Milliseconds since the epoch; never runs backwards. */
  now(): number {
    return (this.#clock = Math.max(this.#clock, Date.now()));
  }

  setSpeed(speed: number): void {
    this.#parts.store.set("speed", String(speed));
    this.simulator.apply({ type: "set-speed", speed });
    this.balancers.refresh();
  }

  view(): View {
    const now = this.now();
    return {
      state: this.state,
      now,
      urls: (service) => this.#urls(service),
    };
  }

  status(): DaemonStatus {
    const view = this.view();
    return {
      pid: process.pid,
      version: this.#parts.hello.version,
      home: this.#parts.home.folder,
      owner: this.#parts.owner,
      startedAt: this.#startedAt,
      runtime: this.runtime.description,
      runtimeKind: this.runtime.kind,
      runtimeAvailable: this.runtimeUp,
      engineHost: this.#engineHost,
      speed: this.state.speed,
      services: Object.values(this.state.services)
        .filter(({ status }) => status !== "INACTIVE")
        .map((service) => {
          const { status, desiredCount, runningCount, urls } = describeService(view, service);
          return { id: service.id, status, desiredCount, runningCount, urls };
        }),
      problems: [
        ...(this.runtimeUp ? [] : [`the Docker Engine does not answer: ${this.runtimeProblem}`]),
        ...this.balancers.problems(),
        ...(this.simulator.problem === undefined ? [] : [this.simulator.problem.message]),
      ],
    };
  }

  /** An Engine that has been started since is used, once no simulated task is in the way. */
  async shouldChangeRuntime(): Promise<boolean> {
    if (this.runtime.kind === "docker" || this.#liveTasks().length > 0) return false;
    return this.#parts.engineAnswers();
  }

  /** Ends the daemon: with `shutdown` its tasks go, with `hand-over` they keep running for the next daemon. */
  stop(why: "shutdown" | "hand-over"): Promise<void> {
    this.#stopping ??= this.#stop(why);
    return this.#stopping;
  }

  async #stop(why: "shutdown" | "hand-over"): Promise<void> {
    this.simulator.close();
    if (why === "shutdown") await this.#endTasks();
    await this.#runner.close();
    await this.balancers.close(why === "shutdown" ? 0 : 2000);
    await this.runtime.close();
    await this.logs.flush();
    this.#parts.store.close();
    this.#parts.ended(why);
  }

  /** SIGTERM to every container, SIGKILL after its own time-out (at most 10 s), then away with them. */
  async #endTasks(): Promise<void> {
    await Promise.allSettled(
      this.#liveTasks().map(async (task) => {
        await Promise.allSettled(
          task.containers
            .filter(({ lastStatus }) => lastStatus === "RUNNING")
            .map(({ name, attempt }) => this.runtime.stopContainer(task.id, name, attempt, 10)),
        );
        await this.runtime.removeTask(task.id);
      }),
    );
  }

  async #recover(): Promise<void> {
    const { journal } = this.#parts.store.load();
    const containers = await this.runtime.list();
    const { inputs, orphans } = recover(this.state, journal, containers, this.now());
    for (const task of orphans) await this.runtime.removeTask(task);
    await this.runtime.adopt(this.#liveTasks());
    for (const effect of journal as Effect[]) this.#runner.run(effect);
    for (const input of inputs) this.simulator.report(input);
    this.simulator.report({ type: "tick" });
    this.balancers.refresh();
    await this.balancers.settled();
  }

  #liveTasks(): Task[] {
    return Object.values(this.state.tasks).filter(({ lastStatus }) => lastStatus !== "STOPPED");
  }

  #changed(before: SimulatorState, after: SimulatorState): void {
    this.balancers.refresh();
    for (const [id, task] of Object.entries(before.tasks)) {
      if (after.tasks[id] !== undefined) continue;
      this.reports.forget(id);
      if (after.services[task.serviceId] !== undefined) this.logs.removeTask(task.serviceId, id);
    }
    for (const id of Object.keys(before.services)) if (isGone(after.services[id])) this.logs.removeService(id);
  }

  #urls(service: Service): string[] {
    const plan = service.deployments.find(({ status }) => status === "PRIMARY")?.spec.plan;
    if (plan?.loadBalancer === undefined) return [];
    const path = plan.listenerRules[0]?.conditions[0]?.PathPatternConfig?.Values?.[0]?.replace(/\*.*$/, "") ?? "/";
    const shared = this.balancers.binding(loadBalancerListener(service.app, service.env, plan.loadBalancer));
    const own = this.balancers.binding(service.id);
    return [
      ...(shared !== undefined && "port" in shared ? [`http://127.0.0.1:${shared.port}${path}`] : []),
      ...(own !== undefined && "port" in own ? [`http://127.0.0.1:${own.port}/`] : []),
    ];
  }
}

function isGone(service: Service | undefined): boolean {
  return service === undefined || service.status === "INACTIVE";
}
