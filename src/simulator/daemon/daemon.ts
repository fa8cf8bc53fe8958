import { randomInt } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Hello } from "../control/frames.ts";
import type { Home } from "../control/home.ts";
import type { DaemonStatus, EngineSettings } from "../protocol.ts";
import { createEdge } from "../edge/create-edge.ts";
import type { Service, SimulatorState, Task } from "../engine/state.ts";
import type { Runtime, RuntimeObserver } from "../runtime/runtime.ts";
import { ValueStore } from "../neighbours/value-store.ts";
import { Balancers } from "./balancers.ts";
import { steadyClock } from "./clock.ts";
import { cookieKey } from "./cookie-key.ts";
import { logLine } from "./daemon-log.ts";
import { Discovery } from "./discovery.ts";
import { Disk } from "./disk.ts";
import { describeService, type View } from "./describe.ts";
import { liveTasks, removeTasks, stopContainers } from "./end-tasks.ts";
import { EffectRunner } from "./effect-runner.ts";
import { ImageRetention } from "./image-retention.ts";
import { retentionOf } from "./log-retention.ts";
import { Environments } from "./environments.ts";
import { LogStore } from "./log-store.ts";
import { latestInstant } from "./latest-instant.ts";
import { resume } from "./resume.ts";
import type { Ending } from "./server.ts";
import { Simulator } from "./simulator.ts";
import { serviceUrls } from "./service-urls.ts";
import { badSpeed, isSpeed } from "./speed.ts";
import { StopReports } from "./stop-reports.ts";
import type { Store } from "./store.ts";
import { Troubles } from "./troubles.ts";
import { ValuesOfTasks } from "./task-values.ts";
import { namesObject } from "./env-file-objects.ts";

export interface DaemonParts {
  home: Home;
  owner: string;
  hello: Hello;
  store: Store;
  speed: number;
  /** Where public load balancers begin to look for a port. */
  firstPort?: number;
  /** Connects the runtime; called once, with whom it reports to. */
  connect: (observer: RuntimeObserver, logs: LogStore) => Promise<{ runtime: Runtime; engineHost?: string }>;
  /** Whether a Docker Engine answers now where these settings point, asked while the runtime is the simulated one. */
  engineAnswers: (settings: EngineSettings) => Promise<boolean>;
}

/** The setting that says that the former daemon has ended its tasks itself. */
const takenDown = "taken-down";
/** How long a program may take to end when the daemon ends; its own stop time-out when that is shorter. */
const longestGraceSeconds = 10;
/** How long what is being done may take when the daemon ends. */
const effectsMs = 3000;

/** The process's heart: engine, memory, runtime and edge wired together. */
export class Daemon {
  readonly simulator: Simulator;
  readonly balancers: Balancers;
  readonly environments: Environments;
  readonly logs: LogStore;
  readonly reports: StopReports;
  readonly troubles: Troubles;
  readonly runtime: Runtime;
  readonly #disk: Disk;
  readonly values: ValueStore;
  readonly #runner: EffectRunner;
  readonly #discovery: Discovery;
  readonly #images: ImageRetention;
  readonly #parts: DaemonParts;
  readonly #engineHost: string | undefined;
  readonly #startedAt = new Date().toISOString();
  /** Milliseconds since the epoch; never runs backwards. */
  readonly now: () => number;

  /** Opens everything and recovers what a former daemon left. */
  static async start(parts: DaemonParts): Promise<Daemon> {
    const disk = new Disk(parts.home.folder);
    await disk.look();
    const logs = new LogStore(parts.home.logs, disk);
    const events: ((daemon: Daemon) => void)[] = [];
    let daemon: Daemon | undefined;
    const tell = (event: (daemon: Daemon) => void) => (daemon === undefined ? events.push(event) : event(daemon));
    const observer: RuntimeObserver = {
      exited: (event) => tell((one) => one.simulator.report({ type: "container-exited", ...event })),
      health: (event) => tell((one) => one.simulator.report({ type: "container-health", ...event })),
      lost: (task) => tell((one) => one.simulator.report({ type: "task-lost", task })),
      log: (line) => logs.add(line),
      available: (up, why) => tell((one) => one.troubles.engine(up, why ?? "")),
    };
    const { runtime, engineHost } = await parts.connect(observer, logs);
    daemon = new Daemon(parts, runtime, engineHost, logs, disk);
    await daemon.#recover();
    for (const event of events.splice(0)) event(daemon);
    return daemon;
  }

  private constructor(
    parts: DaemonParts,
    runtime: Runtime,
    engineHost: string | undefined,
    logs: LogStore,
    disk: Disk,
  ) {
    this.#parts = parts;
    this.#disk = disk;
    this.#engineHost = engineHost;
    this.runtime = runtime;
    this.logs = logs;
    const { services, tasks } = parts.store.load();
    const state: SimulatorState = { speed: parts.speed, services, tasks };
    this.now = steadyClock(latestInstant(state));
    this.simulator = new Simulator(state, {
      store: parts.store,
      now: this.now,
      random: () => randomInt(2 ** 47) / 2 ** 47,
      run: (effect) => this.#runner.run(effect),
    });
    const edge = createEdge(
      {
        checked: (task, targetGroup, result) => {
          this.reports.checked(task, result);
          // It comes again, so it need not wait for a state that cannot be written.
          if (this.simulator.problem === undefined)
            this.simulator.report({ type: "target-checked", task, targetGroup, result });
        },
        idle: (task) => this.simulator.report({ type: "task-idle", task }),
      },
      {},
      cookieKey(parts.store),
    );
    this.balancers = new Balancers(edge, parts.store, () => this.state, {
      firstPort: parts.firstPort,
      simulated: runtime.kind === "simulated",
    });
    this.environments = new Environments(parts.home, () => this.state);
    this.troubles = new Troubles({ balancers: this.balancers, simulator: this.simulator, disk });
    this.reports = new StopReports(runtime, logs);
    this.values = new ValueStore(parts.store.values, parts.home.keyFile, this.now);
    this.#images = new ImageRetention(runtime, () => this.state);
    this.#discovery = new Discovery(runtime, runtime.kind === "simulated" ? { settling: 0, leaving: 0 } : undefined);
    this.#runner = new EffectRunner({
      runtime,
      state: () => this.state,
      now: this.now,
      holdsStarts: () => disk.problem?.message,
      values: new ValuesOfTasks(this.values),
      answered: (input, effect) => this.simulator.report(input, effect),
      beforeStop: async (task) => {
        const stopped = this.state.tasks[task];
        await Promise.all([this.reports.beforeStop(stopped), this.#isReplaced(stopped) && this.#discovery.left(task)]);
      },
    });
    this.simulator.onChange((before, after) => this.#changed(before, after));
    this.simulator.onChange((before, after) => this.#discovery.follow(before, after));
    this.simulator.onChange((before, after) => this.#images.follow(before, after));
  }

  get state(): SimulatorState {
    return this.simulator.state;
  }

  /** Environment files that no deployment names any more. What cannot be written now goes another time. */
  forgetOldObjects(): void {
    try {
      this.values.keepObjects(namesObject(this.state));
    } catch (error) {
      logLine(`environment files: ${(error as Error).message}`);
    }
  }

  /** @throws UserError usage/invalid-flag */
  setSpeed(speed: number): void {
    if (!isSpeed(speed)) throw badSpeed(String(speed));
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
      runtimeAvailable: this.troubles.engineUp,
      engineHost: this.#engineHost,
      speed: this.state.speed,
      services: Object.values(this.state.services)
        .filter(({ status, taskGroup }) => status !== "INACTIVE" && taskGroup !== true)
        .map((service) => {
          const { status, desiredCount, runningCount, urls } = describeService(view, service);
          return { id: service.id, status, desiredCount, runningCount, urls };
        }),
      problems: this.troubles.all(),
    };
  }

  /** An Engine that has been started since is used, once no simulated task is in the way. */
  async shouldChangeRuntime(settings: EngineSettings): Promise<boolean> {
    if (this.runtime.kind === "docker" || liveTasks(this.state).length > 0) return false;
    return this.#parts.engineAnswers(settings);
  }

  /** Ends the daemon: with `shutdown` its tasks go, with `hand-over` they keep running for the next daemon. Whatever
   *  fails on the way is in the log; the store is left open.
   *  @param graceSeconds how long a program may take to end */
  async stop(ending: Ending, graceSeconds = longestGraceSeconds): Promise<void> {
    this.simulator.close();
    const steps: [string, () => Promise<void> | void][] = [
      ["tasks", () => (ending === "shutdown" ? stopContainers(this.runtime, this.state, graceSeconds) : undefined)],
      ["effects", () => this.#runner.close(effectsMs)],
      ["tasks", () => (ending === "shutdown" ? removeTasks(this.runtime, this.state) : undefined)],
      // Simulated tasks end with their process, whatever comes next.
      ["settings", () => this.#parts.store.set(takenDown, this.#endsTasks(ending) ? "yes" : undefined)],
      ["load balancers", () => this.balancers.close(ending === "shutdown" ? 0 : 2000)],
      ["images", () => this.#images.settled()],
      ["runtime", () => this.runtime.close()],
      ["logs", () => this.logs.close()],
      ["disk", () => this.#disk.close()],
    ];
    for (const [what, step] of steps) {
      try {
        await step();
      } catch (error) {
        logLine(`ending, ${what}: ${(error as Error).message}`);
      }
    }
  }

  #endsTasks(ending: Ending): boolean {
    return ending === "shutdown" || this.runtime.kind === "simulated";
  }

  async #recover(): Promise<void> {
    const { store } = this.#parts;
    this.logs.retain(retentionOf(this.state));
    this.forgetOldObjects();
    this.#images.recover();
    await resume(
      {
        simulator: this.simulator,
        runtime: this.runtime,
        runner: this.#runner,
        discovery: this.#discovery,
        now: this.now,
      },
      store.load().journal,
      store.setting(takenDown) === "yes",
    );
    store.set(takenDown, undefined);
    this.balancers.refresh();
    await this.balancers.settled();
  }

  /** Whether others may go on asking for what it does, and must not ask a program that is ending. */
  #isReplaced(task: Task | undefined): boolean {
    if (task?.stopCode !== "ServiceSchedulerInitiated") return false;
    return this.state.services[task.serviceId]?.status === "ACTIVE";
  }

  #changed(before: SimulatorState, after: SimulatorState): void {
    this.balancers.refresh();
    for (const id of before.tasks === after.tasks ? [] : Object.keys(before.tasks))
      if (after.tasks[id] === undefined) this.reports.forget(id);
    if (before.services !== after.services) {
      if (Object.keys(before.services).some((id) => after.services[id] === undefined)) this.forgetOldObjects();
      const retention = retentionOf(after);
      if (!isDeepStrictEqual(retention, retentionOf(before))) this.logs.retain(retention);
    }
  }

  #urls(service: Service): string[] {
    const plan = service.deployments.find(({ status }) => status === "PRIMARY")?.spec.plan;
    return plan === undefined ? [] : serviceUrls(service.id, plan, (id) => this.balancers.binding(id));
  }
}
