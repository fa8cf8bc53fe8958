/** Asks the simulator's daemon, which it starts when there is none. */
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../errors.ts";
import { Connection, Moved } from "./control/connection.ts";
import type { DaemonProgram } from "./control/daemon-program.ts";
import { readEnvironments, type SimulatedEnvironment } from "./control/environments-file.ts";
import type { Hello } from "./control/frames.ts";
import { type Home, locateHome, prepareHome } from "./control/home.ts";
import { Resumption } from "./control/resumption.ts";
import { runToEnd, startDaemon } from "./control/start-daemon.ts";
import { type Calls, type DaemonStatus, engineVariables, type Streams } from "./protocol.ts";

export interface SimulatorOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** The daemon's program, `dist/daemon.js`. */
  daemonFile: string;
  /** Version and build of this program. */
  hello: Hello;
  /** Called with what a daemon wants everybody to know, once for each text. */
  warn?: (text: string) => void;
}

/** The daemon has handed over to another one, which knows nothing of what was going on. */
export class HandedOver extends Error {}

/** Events of a stream of bytes that are kept for a reader who does not keep up. */
const fewWaiting = 16;

/** Speaks to the daemon; reconnects by itself when the daemon hands over to another build. */
export class SimulatorClient {
  readonly home: Home;
  readonly #options: SimulatorOptions;
  #connecting: Promise<Connection> | undefined;
  readonly #warned = new Set<string>();
  /** A client that was moved away by another build does not call its own build back. */
  #moved = false;

  constructor(options: SimulatorOptions) {
    this.#options = options;
    this.home = locateHome(options.env);
  }

  /** @returns whether a daemon answers; starts none */
  async isRunning(): Promise<boolean> {
    const connection = await this.#find(true);
    connection?.close();
    return connection !== undefined;
  }

  /** The simulated environments, read from the state folder; starts no daemon. @throws UserError simulator/home */
  environments(): SimulatedEnvironment[] {
    return readEnvironments(this.home);
  }

  /** @param patient may wait for its answer until readers of streams have caught up
   *  @throws UserError simulator/start-failed, simulator/home, and what the operation says */
  async call<K extends keyof Calls>(
    method: K,
    params: Calls[K]["params"],
    { patient }: { patient?: boolean } = {},
  ): Promise<Calls[K]["result"]> {
    for (;;) {
      const connection = await this.connect();
      try {
        return (await connection.call(method, params, { patient })) as Calls[K]["result"];
      } catch (error) {
        if (!(error instanceof Moved)) throw error;
        await this.#afterMove();
      }
    }
  }

  /** Goes on with the next daemon when this one hands over; what has been yielded is not yielded again.
   *  @throws as {@link call} */
  async *stream<K extends keyof Streams>(
    method: K,
    params: Streams[K]["params"],
    signal: AbortSignal,
  ): AsyncGenerator<Streams[K]["event"], void, void> {
    const resumption = new Resumption(params);
    for (;;) {
      const connection = await this.connect();
      try {
        for await (const event of connection.stream(method, resumption.params, signal))
          if (resumption.isNew(event)) yield event as Streams[K]["event"];
        return;
      } catch (error) {
        if (resumption.hasMoved && error instanceof UserError && error.code === "service/not-found") return;
        if (!(error instanceof Moved)) throw error;
        resumption.moved();
        await this.#afterMove();
      }
    }
  }

  /** The events of something that cannot be taken over by the next daemon.
   *  @throws as {@link call}; {@link HandedOver} when this daemon hands over after the first event */
  async *streamOnce<K extends keyof Streams>(
    method: K,
    params: Streams[K]["params"],
    signal: AbortSignal,
  ): AsyncGenerator<Streams[K]["event"], void, void> {
    for (let begun = false; ;) {
      const connection = await this.connect();
      try {
        for await (const event of connection.stream(method, params, signal, fewWaiting)) {
          begun = true;
          yield event as Streams[K]["event"];
        }
        return;
      } catch (error) {
        if (!(error instanceof Moved)) throw error;
        if (begun) throw new HandedOver();
        await this.#afterMove();
      }
    }
  }

  /** Connects, starting the daemon when there is none; a daemon of another build is replaced first. */
  async connect(start: { args?: string[] } = {}): Promise<Connection> {
    const known = await this.#connecting;
    if (known?.isOpen) return known;
    this.#moved ||= known?.hasMoved ?? false;
    const connecting = this.#findOrStart(start.args ?? []).then((connection) => this.#greeted(connection));
    this.#connecting = connecting;
    connecting.catch(() => {
      if (this.#connecting === connecting) this.#connecting = undefined;
    });
    return connecting;
  }

  /** The daemon as it will take a deploy: with real containers wherever an Engine answers. @throws as {@link call} */
  async chooseRuntime(): Promise<DaemonStatus> {
    const { env } = this.#options;
    const settings = Object.fromEntries(engineVariables.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
    return this.call("choose-runtime", { settings });
  }

  /** Ends the daemon and waits until it is gone. @returns false when none was running */
  async shutdown(options: { graceSeconds?: number } = {}): Promise<boolean> {
    const connection = await this.#find(true);
    if (connection === undefined) return false;
    await this.#end(connection, options);
    return true;
  }

  /** Ends the daemon at once and removes all that it ever made, also when its state cannot be read any more.
   *  @returns the services that were there, where that could be found out */
  async reset(): Promise<string[]> {
    prepareHome(this.home);
    const connection = await this.#find(true);
    let services: string[] = [];
    if (connection !== undefined) {
      const status = (await connection.call("status", {}).catch(() => undefined)) as DaemonStatus | undefined;
      services = status?.services.map(({ id }) => id) ?? [];
      await this.#end(connection, { graceSeconds: 0 });
    }
    await runToEnd(this.home, this.#program(), ["--reset"]);
    return services;
  }

  close(): void {
    const connecting = this.#connecting;
    this.#connecting = undefined;
    connecting?.then(
      (connection) => connection.close(),
      () => undefined,
    );
  }

  #greeted(connection: Connection): Connection {
    for (const text of connection.daemon.urgent ?? []) if (!this.#warned.has(text)) this.#options.warn?.(text);
    for (const text of connection.daemon.urgent ?? []) this.#warned.add(text);
    return connection;
  }

  #program(): DaemonProgram {
    return { file: this.#options.daemonFile, env: this.#options.env };
  }

  async #findOrStart(args: string[]): Promise<Connection> {
    prepareHome(this.home);
    const found = await this.#find(this.#moved);
    return found ?? startDaemon(this.home, this.#program(), args, () => this.#find(true));
  }

  /** @param anyBuild take the daemon that is there, whatever its build */
  async #find(anyBuild: boolean): Promise<Connection | undefined> {
    const hello = anyBuild ? { ...this.#options.hello, resume: true } : this.#options.hello;
    for (let tries = 0; tries < 600; tries++) {
      const answer = await Connection.open(this.home.socket, hello);
      if (answer !== "moved") return answer;
      await sleep(50);
    }
    throw new UserError("simulator/busy", "the simulator's daemon is ending and does not come to its end", {
      hint: "pilotfish local stop",
    });
  }

  async #end(connection: Connection, params: Calls["shutdown"]["params"]): Promise<void> {
    await connection.call("shutdown", params);
    this.#connecting = undefined;
    await connection.closed;
    const { pid } = connection.daemon;
    for (let tries = 0; tries < 100 && pid !== undefined && pid !== process.pid && isAlive(pid); tries++)
      await sleep(20);
  }

  /** The daemon that comes next is mostly started by the client that asked for it; if not, we start it. */
  async #afterMove(): Promise<void> {
    this.#moved = true;
    for (let tries = 0; tries < 20; tries++) {
      const connection = await this.#find(true);
      this.#connecting = connection && Promise.resolve(connection);
      if (connection !== undefined) return;
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
