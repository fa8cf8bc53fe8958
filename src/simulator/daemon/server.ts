import { rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Frame, type Hello, onFrames, sendFrame } from "../control/frames.ts";
import { toWireError } from "../control/wire-error.ts";
import { logLine } from "./daemon-log.ts";

/** Sends an event. @returns a promise when the client does not keep up: it resolves when more can be sent */
export type Send = (event: unknown) => Promise<void> | undefined;

export interface Operations {
  /** Answers once. @throws what the client is told */
  call(method: string, params: unknown): Promise<unknown>;
  /** Sends until it ends or the signal aborts; undefined for what is no stream. */
  stream(method: string, params: unknown, send: Send, signal: AbortSignal): Promise<unknown> | undefined;
  /** What a client is told with the greeting. */
  urgent(): string[];
  /** A client of another build has come: hand over. */
  handOver(): void;
}

/** Why the daemon ends: with `hand-over` its clients ask the next daemon, with `shutdown` they are told that it ended. */
export type Ending = "shutdown" | "hand-over";

/** The control socket: speaks the protocol, knows no operation. */
export class ControlServer {
  readonly #server: Server;
  readonly #hello: Hello;
  readonly #operations: Operations;
  readonly #sockets = new Set<Socket>();
  readonly #calls = new Set<Promise<unknown>>();
  readonly #path: string;
  #ending: Ending | undefined;

  constructor(path: string, hello: Hello, operations: Operations) {
    this.#path = path;
    this.#hello = hello;
    this.#operations = operations;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** The caller holds the state's lock, so a socket file that is there has been left by a dead daemon. */
  async listen(): Promise<void> {
    rmSync(this.#path, { force: true });
    const before = process.umask(0o177);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#server.once("error", reject);
        this.#server.listen(this.#path, resolve);
      });
    } finally {
      process.umask(before);
    }
    this.#server.on("error", (error) => logLine(`control socket: ${error.message}`));
  }

  /** Takes no call any more, and waits for the answers of those that run, at most so long. Who comes meanwhile waits. */
  async refuse(ending: Ending, limitMs: number): Promise<void> {
    this.#ending ??= ending;
    const limit = new AbortController();
    const late = sleep(limitMs, undefined, { signal: limit.signal }).catch(() => undefined);
    await Promise.race([Promise.allSettled(this.#calls), late]);
    limit.abort();
  }

  /** Lets go of all clients; those of a hand-over are told to ask the next daemon. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) {
      if (this.#ending !== "shutdown") sendFrame(socket, { moved: true });
      socket.end();
      setTimeout(() => socket.destroy(), 500).unref();
    }
    await closed;
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    const streams = new Map<number, AbortController>();
    let greeted = false;
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#sockets.delete(socket);
      for (const controller of streams.values()) controller.abort();
    });
    onFrames(socket, (frame) => {
      if (!greeted) greeted = this.#greet(socket, frame);
      else if ("cancel" in frame) streams.get(frame.id)?.abort();
      else if ("method" in frame) this.#answer(socket, frame, streams);
    });
  }

  #greet(socket: Socket, frame: Frame): boolean {
    const hello = "hello" in frame ? (frame.hello as Hello | null) : null;
    if (hello === null) {
      socket.destroy();
      return false;
    }
    const isOther = hello.build !== this.#hello.build && hello.resume !== true;
    if (this.#ending === undefined && !isOther) {
      sendFrame(socket, { hello: { ...this.#hello, urgent: this.#operations.urgent() } });
      return true;
    }
    sendFrame(socket, { moved: true });
    socket.end();
    if (this.#ending === undefined) this.#operations.handOver();
    return false;
  }

  #answer(
    socket: Socket,
    { id, method, params }: Extract<Frame, { method: string }>,
    streams: Map<number, AbortController>,
  ): void {
    // Its answer is the end, which comes soon.
    if (this.#ending !== undefined) return;
    const controller = new AbortController();
    const send: Send = (event) => (sendFrame(socket, { id, event }) ? undefined : drained(socket));
    const streaming = this.#operations.stream(method, params, send, controller.signal);
    if (streaming !== undefined) streams.set(id, controller);
    const running = (streaming ?? this.#operations.call(method, params))
      .then(
        (result) => void sendFrame(socket, { id, result: result ?? null }),
        (error: unknown) => {
          if (!(error instanceof AskTheNext)) sendFrame(socket, { id, error: toWireError(error) });
        },
      )
      .finally(() => {
        streams.delete(id);
        this.#calls.delete(running);
      });
    if (streaming === undefined) this.#calls.add(running);
  }
}

/** This daemon ends before it answers: the client asks the next one. */
export class AskTheNext extends Error {}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off("drain", done);
      socket.off("close", done);
      resolve();
    };
    socket.on("drain", done);
    socket.on("close", done);
    if (socket.destroyed) done();
  });
}
