import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { UserError, type ErrorCode } from "../../errors.ts";

/** Frames on the control socket: one JSON document a line, in both directions. */
export type Frame =
  | { hello: Hello }
  | { id: number; method: string; params: unknown }
  | { id: number; cancel: true }
  | { id: number; event: unknown }
  | { id: number; result: unknown }
  | { id: number; error: WireError }
  /** The daemon hands over to another build; what was not answered is asked again of the next daemon. */
  | { moved: true };

export interface Hello {
  version: string;
  /** Hash of the program's code: two builds with the same version differ here. */
  build: string;
  /** A client that has been moved takes whatever daemon it finds. */
  resume?: boolean;
  pid?: number;
}

export interface WireError {
  code: string;
  message: string;
  hint?: string;
  details?: string[];
}

/** Splits a socket's bytes into frames. A line that is no JSON ends the connection. */
export function onFrames(socket: Socket, receive: (frame: Frame) => void): void {
  const parts: string[] = [];
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    const lines = chunk.split("\n");
    const last = lines.pop() ?? "";
    for (const line of lines) {
      const text = parts.splice(0).join("") + line;
      if (text === "") continue;
      let frame: Frame;
      try {
        frame = JSON.parse(text) as Frame;
      } catch {
        socket.destroy(new Error("the other side does not speak the control protocol"));
        return;
      }
      receive(frame);
    }
    if (last !== "") parts.push(last);
  });
}

export function sendFrame(socket: Socket, frame: Frame): void {
  if (socket.writable) socket.write(`${JSON.stringify(frame)}\n`);
}

export function toWireError(error: unknown): WireError {
  if (error instanceof UserError)
    return { code: error.code, message: error.message, hint: error.hint, details: error.details };
  return { code: "internal", message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

export function fromWireError(error: WireError): Error {
  if (error.code === "internal") return new Error(`the simulator's daemon failed: ${error.message}`);
  return new UserError(error.code as ErrorCode, error.message, { hint: error.hint, details: error.details });
}

/** A connection to the daemon on which calls run side by side. */
export class Connection {
  readonly #socket: Socket;
  readonly #calls = new Map<number, Call>();
  #nextId = 1;
  #ended: "no" | "moved" | "lost" = "no";

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("close", () => this.#end(this.#ended === "no" ? "lost" : this.#ended));
  }

  /** Connects and says hello. @returns undefined when nobody listens, `moved` when the daemon hands over to our build */
  static async open(
    path: string,
    hello: Hello,
  ): Promise<{ connection: Connection; daemon: Hello } | "moved" | undefined> {
    const socket = connect(path);
    try {
      await once(socket, "connect");
    } catch {
      socket.destroy();
      return undefined;
    }
    const connection = new Connection(socket);
    const answer = new Promise<Frame | undefined>((resolve) => {
      socket.once("close", () => resolve(undefined));
      socket.on("error", () => undefined);
      let greeted = false;
      onFrames(socket, (frame) => {
        if (greeted) connection.#receive(frame);
        else {
          greeted = true;
          resolve(frame);
        }
      });
    });
    sendFrame(socket, { hello });
    const first = await answer;
    if (first !== undefined && "hello" in first) return { connection, daemon: first.hello };
    socket.destroy();
    return first !== undefined && "moved" in first ? "moved" : undefined;
  }

  /** @throws UserError as the daemon says, {@link Moved} when it handed over before it answered */
  async call(method: string, params: unknown): Promise<unknown> {
    return new Promise((resolve, reject) =>
      this.#start(method, params, { result: resolve, error: reject, event: () => undefined }),
    );
  }

  /** Yields the events of a call until its result; ends early, without error, when the signal aborts. */
  async *stream(method: string, params: unknown, signal: AbortSignal): AsyncGenerator<unknown, unknown, void> {
    const queue: ({ event: unknown } | { result: unknown } | { error: Error } | { aborted: true })[] = [];
    let wake = () => {};
    const push = (item: (typeof queue)[number]) => {
      queue.push(item);
      wake();
    };
    const id = this.#start(method, params, {
      event: (event) => push({ event }),
      result: (result) => push({ result }),
      error: (error) => push({ error }),
    });
    const abort = () => push({ aborted: true });
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    try {
      for (;;) {
        const item = queue.shift();
        if (item === undefined) await new Promise<void>((resolve) => (wake = resolve));
        else if ("event" in item) yield item.event;
        else if ("error" in item) throw item.error;
        else return "result" in item ? item.result : undefined;
      }
    } finally {
      signal.removeEventListener("abort", abort);
      if (this.#calls.delete(id)) sendFrame(this.#socket, { id, cancel: true });
    }
  }

  close(): void {
    this.#socket.end();
    this.#socket.unref();
  }

  #start(method: string, params: unknown, call: Call): number {
    const id = this.#nextId++;
    if (this.#ended === "no") {
      this.#calls.set(id, call);
      sendFrame(this.#socket, { id, method, params });
    } else call.error(this.#reason());
    return id;
  }

  #receive(frame: Frame): void {
    if ("moved" in frame) return this.#end("moved");
    if (!("id" in frame)) return;
    const call = this.#calls.get(frame.id);
    if (call === undefined) return;
    if ("event" in frame) return call.event(frame.event);
    this.#calls.delete(frame.id);
    if ("error" in frame) call.error(fromWireError(frame.error));
    else if ("result" in frame) call.result(frame.result);
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
      hint: "pilotfish local status",
    });
  }
}

interface Call {
  event(event: unknown): void;
  result(result: unknown): void;
  error(error: Error): void;
}

/** The daemon handed over to another build: ask the next one. */
export class Moved extends Error {}
