import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { UserError } from "../../errors.ts";
import { EventQueue } from "./event-queue.ts";
import { type Frame, type Hello, onFrames, sendFrame } from "./frames.ts";
import { fromWireError } from "./wire-error.ts";

/** How long a daemon may take to say hello. */
const patienceMs = 10_000;
/** Events that are kept for a reader who does not keep up; then the daemon is made to wait. */
const mostWaiting = 1000;

/** A connection to the daemon on which calls run side by side. */
export class Connection {
  readonly daemon: Hello;
  /** Resolves when the daemon has let go of it. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #calls = new Map<number, Call>();
  #nextId = 1;
  #ended: "no" | "moved" | "lost" = "no";

  private constructor(socket: Socket, daemon: Hello) {
    this.#socket = socket;
    this.daemon = daemon;
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        this.#end(this.#ended === "no" ? "lost" : this.#ended);
        resolve();
      });
    });
  }

  /** Connects and says hello.
   *  @returns undefined when nobody listens, `moved` when a daemon is there that ends and another one is to be asked
   *  @throws UserError simulator/unreachable when somebody listens and says nothing */
  static async open(path: string, hello: Hello, limitMs = patienceMs): Promise<Connection | "moved" | undefined> {
    const socket = connect(path);
    try {
      await once(socket, "connect");
    } catch {
      socket.destroy();
      return undefined;
    }
    let connection: Connection | undefined;
    const answer = new Promise<Connection | "moved" | undefined>((resolve) => {
      socket.once("close", () => resolve(undefined));
      socket.on("error", () => undefined);
      onFrames(socket, (frame) => {
        if (connection !== undefined) return connection.#receive(frame);
        if ("hello" in frame) connection = new Connection(socket, frame.hello);
        resolve(connection ?? ("moved" in frame ? "moved" : undefined));
      });
    });
    sendFrame(socket, { hello });
    const limit = setTimeout(() => socket.destroy(new Error("no hello")), limitMs);
    const first = await answer;
    clearTimeout(limit);
    if (first === undefined && socket.errored?.message === "no hello")
      throw new UserError("simulator/unreachable", `the simulator's daemon at ${path} does not answer`, {
        hint: `end its process, whose pid is in daemon.log of the simulator's folder, and try again`,
      });
    if (first === undefined || first === "moved") socket.destroy();
    return first;
  }

  get isOpen(): boolean {
    return this.#ended === "no";
  }

  /** The daemon has said that another one comes. */
  get hasMoved(): boolean {
    return this.#ended === "moved";
  }

  /** @throws UserError as the daemon says, {@link Moved} when it ended before it answered and another one comes */
  async call(method: string, params: unknown, { patient }: { patient?: boolean } = {}): Promise<unknown> {
    return new Promise((resolve, reject) => this.#start(method, params, { patient, result: resolve, error: reject }));
  }

  /** Yields the events of a call until its result; ends early, without error, when the signal aborts.
   *  @param most events that are kept for a reader who does not keep up */
  async *stream(
    method: string,
    params: unknown,
    signal: AbortSignal,
    most = mostWaiting,
  ): AsyncGenerator<unknown, unknown, void> {
    const queue = new EventQueue<Item>();
    const id = this.#start(method, params, {
      queue,
      most,
      result: (result) => queue.push({ result }),
      error: (error) => queue.push({ error }),
    });
    const abort = () => queue.push({ result: undefined });
    signal.addEventListener("abort", abort, { once: true });
    try {
      while (!signal.aborted) {
        const item = await queue.next();
        this.#flow();
        if ("error" in item) throw item.error;
        if ("result" in item) return item.result;
        yield item.event;
      }
      return undefined;
    } finally {
      signal.removeEventListener("abort", abort);
      if (this.#calls.delete(id)) sendFrame(this.#socket, { id, cancel: true });
      this.#flow();
    }
  }

  close(): void {
    this.#socket.end();
    this.#socket.unref();
    this.#socket.resume();
  }

  #start(method: string, params: unknown, call: Call): number {
    const id = this.#nextId++;
    if (this.#ended === "no") {
      this.#calls.set(id, call);
      sendFrame(this.#socket, { id, method, params });
      this.#flow();
    } else call.error(this.#reason());
    return id;
  }

  #receive(frame: Frame): void {
    if ("moved" in frame) return this.#end("moved");
    if (!("id" in frame)) return;
    const call = this.#calls.get(frame.id);
    if (call === undefined) return;
    if ("event" in frame) call.queue?.push({ event: frame.event });
    else {
      this.#calls.delete(frame.id);
      if ("error" in frame) call.error(fromWireError(frame.error));
      else if ("result" in frame) call.result(frame.result);
    }
    this.#flow();
  }

  /** Reads on, unless a reader has enough to do; an answer that somebody waits for is read all the same, but for one
   *  that can wait for the readers. */
  #flow(): void {
    const calls = [...this.#calls.values()];
    const enough = calls.some(({ queue, most = 0 }) => queue !== undefined && queue.length >= most);
    if (enough && calls.every(({ queue, patient }) => queue !== undefined || patient)) this.#socket.pause();
    else this.#socket.resume();
  }

  #end(how: "moved" | "lost"): void {
    this.#ended = how;
    const waiting = [...this.#calls.values()];
    this.#calls.clear();
    for (const call of waiting) call.error(this.#reason());
    this.#socket.end();
  }

  #reason(): Error {
    if (this.#ended === "moved") return new Moved();
    return new UserError("simulator/unreachable", "the simulator's daemon ended while it was working on this", {
      hint: "pilotfish local start    (brings the services back)",
    });
  }
}

type Item = { event: unknown } | { result: unknown } | { error: Error };

interface Call {
  /** Of a call that streams. */
  queue?: EventQueue<Item>;
  most?: number;
  patient?: boolean;
  result(result: unknown): void;
  error(error: Error): void;
}

/** The daemon ended and another one comes: ask that. */
export class Moved extends Error {}
