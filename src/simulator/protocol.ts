/** The simulator's public face: what its daemon can be asked over the control socket, and the client that asks. */
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../errors.ts";
import type { ResolvedWorkloadPlan } from "../plan/workload-plan.ts";
import type { LogLine, LogsRequest, StoppedTask, WorkloadStatus } from "../providers/provider.ts";
import { Connection, type Hello, Moved } from "./control/connection.ts";
import { type Home, locateHome, prepareHome } from "./control/home.ts";
import { type DaemonProgram, runToEnd, startDaemon } from "./control/start-daemon.ts";

/** Calls that answer once. */
export interface Calls {
  status: { params: Record<string, never>; result: DaemonStatus };
  "set-speed": { params: { speed: number }; result: DaemonStatus };
  /** Opens the listener of an environment's load balancer; answers its address, `127.0.0.1:8080`. */
  "open-load-balancer": {
    params: { app: string; env: string; loadBalancer: "public" | "internal" };
    result: { address: string };
  };
  /** Creates or updates a service. `changed` says what that started. */
  "update-service": { params: UpdateService; result: ServiceUpdated };
  "stop-deployment": { params: { serviceId: string; deploymentId: string; reason: string }; result: null };
  "describe-service": { params: { serviceId: string }; result: WorkloadStatus };
  "list-services": { params: { app?: string; env?: string }; result: WorkloadStatus[] };
  "delete-service": { params: { serviceId: string }; result: null };
  /** Ends the daemon. Its tasks are stopped and removed; services come back with the next start. */
  shutdown: { params: Record<string, never>; result: null };
}

/** Calls that send events until they end or are cancelled. */
export interface Streams {
  /** The service's picture at once and after every change; ends when the service is gone. */
  "follow-service": { params: { serviceId: string; deploymentId?: string }; event: FollowEvent };
  logs: { params: LogsRequest & { after?: number }; event: LogLine & { cursor: number } };
}

export interface UpdateService {
  plan: ResolvedWorkloadPlan;
  /** Container → image ID, for those that are known. */
  images: Record<string, string>;
  force: boolean;
  noRollback: boolean;
}

export interface ServiceUpdated {
  serviceId: string;
  deploymentId: string;
  revision: number;
  /** `settings`: what takes effect without a new deployment, such as health checks and routing. */
  changed: "deployment" | "count" | "settings" | "nothing";
  at: number;
}

export type FollowEvent =
  | { type: "status"; at: number; status: WorkloadStatus; waitingFor: string }
  | { type: "service-event"; at: number; id: string; message: string }
  | { type: "task-started"; at: number; task: string; containers: { name: string; runtimeId: string }[] }
  | { type: "task-stopped"; at: number; task: StoppedTask }
  | { type: "notice"; code: string; message: string };

export interface DaemonStatus {
  pid: number;
  version: string;
  home: string;
  owner: string;
  startedAt: string;
  /** `docker (Engine 20.10.24)` or `simulated (why)`. */
  runtime: string;
  runtimeKind: "docker" | "simulated";
  /** False while the Engine is away. */
  runtimeAvailable: boolean;
  /** The Engine's address, as DOCKER_HOST spells it, with the docker runtime. */
  engineHost?: string;
  speed: number;
  services: { id: string; status: string; desiredCount: number; runningCount: number; urls: string[] }[];
  /** What is wrong right now: a port that is taken, an Engine that is away. */
  problems: string[];
}

export interface SimulatorOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** The daemon's program, `dist/daemon.js`. */
  daemonFile: string;
  /** Version and build of this program. */
  hello: Hello;
}

/** Speaks to the daemon; reconnects by itself when the daemon hands over to another build. */
export class SimulatorClient {
  readonly home: Home;
  readonly #options: SimulatorOptions;
  #connection: Connection | undefined;

  constructor(options: SimulatorOptions) {
    this.#options = options;
    this.home = locateHome(options.env);
  }

  /** @returns whether a daemon answers; starts none */
  async isRunning(): Promise<boolean> {
    return (await this.#find(true)) !== undefined;
  }

  /** @throws UserError simulator/start-failed, simulator/home, and what the operation says */
  async call<K extends keyof Calls>(method: K, params: Calls[K]["params"]): Promise<Calls[K]["result"]> {
    for (;;) {
      const connection = await this.connect();
      try {
        return (await connection.call(method, params)) as Calls[K]["result"];
      } catch (error) {
        if (!(error instanceof Moved)) throw error;
        await this.#afterMove();
      }
    }
  }

  /** @throws as {@link call} */
  async *stream<K extends keyof Streams>(
    method: K,
    params: Streams[K]["params"],
    signal: AbortSignal,
  ): AsyncGenerator<Streams[K]["event"], void, void> {
    let cursor: number | undefined;
    for (;;) {
      const connection = await this.connect();
      try {
        const resumed = cursor === undefined ? params : { ...params, after: cursor };
        for await (const event of connection.stream(method, resumed, signal)) {
          if (hasCursor(event)) cursor = event.cursor;
          yield event as Streams[K]["event"];
        }
        return;
      } catch (error) {
        if (!(error instanceof Moved)) throw error;
        await this.#afterMove();
      }
    }
  }

  /** Connects, starting the daemon when there is none; a daemon of another build is replaced first. */
  async connect(start: { args?: string[] } = {}): Promise<Connection> {
    if (this.#connection !== undefined) return this.#connection;
    prepareHome(this.home);
    const program: DaemonProgram = { file: this.#options.daemonFile, env: this.#options.env };
    const found =
      (await this.#find(false)) ?? (await startDaemon(this.home, program, start.args ?? [], () => this.#find(true)));
    this.#connection = found;
    return found;
  }

  /** Ends the daemon and waits until it is gone. @returns false when none was running */
  async shutdown(): Promise<boolean> {
    const connection = await this.#find(true);
    if (connection === undefined) return false;
    const { pid } = (await connection.call("status", {})) as DaemonStatus;
    await connection.call("shutdown", {});
    connection.close();
    this.#connection = undefined;
    while (isAlive(pid)) await sleep(20);
    return true;
  }

  /** Runs the daemon's program once, for a task that needs no running daemon, and waits for its end.
   *  @throws UserError simulator/start-failed with its own reason */
  async runOnce(args: string[]): Promise<void> {
    prepareHome(this.home);
    await runToEnd(this.home, { file: this.#options.daemonFile, env: this.#options.env }, args);
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  /** @param anyBuild take the daemon that is there, whatever its build */
  async #find(anyBuild: boolean): Promise<Connection | undefined> {
    const hello = anyBuild ? { ...this.#options.hello, resume: true } : this.#options.hello;
    for (let tries = 0; tries < 600; tries++) {
      const answer = await Connection.open(this.home.socket, hello);
      if (answer === undefined) return undefined;
      if (answer !== "moved") return answer.connection;
      await sleep(50);
    }
    throw new UserError("simulator/busy", "the simulator's daemon is of another build and does not hand over", {
      hint: "pilotfish local stop",
    });
  }

  /** The daemon that comes next is mostly started by the client that asked for it; if not, we start it. */
  async #afterMove(): Promise<void> {
    this.#connection = undefined;
    for (let tries = 0; tries < 20; tries++) {
      this.#connection = await this.#find(true);
      if (this.#connection !== undefined) return;
      await sleep(50);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function hasCursor(event: unknown): event is { cursor: number } {
  return typeof event === "object" && event !== null && "cursor" in event && typeof event.cursor === "number";
}
