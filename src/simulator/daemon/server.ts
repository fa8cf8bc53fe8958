import { rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { type Hello, onFrames, sendFrame, toWireError } from "../control/connection.ts";

export interface Operations {
  /** Answers once. @throws what the client is told */
  call(method: string, params: unknown): Promise<unknown>;
  /** Sends until it ends or the signal aborts. */
  stream(
    method: string,
    params: unknown,
    send: (event: unknown) => void,
    signal: AbortSignal,
  ): Promise<unknown> | undefined;
  /** A client of another build has come: hand over. */
  handOver(): void;
}

/** The control socket: speaks the protocol, knows no operation. */
export class ControlServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #calls = new Set<Promise<unknown>>();
  readonly #path: string;
  #moving = false;

  constructor(path: string, hello: Hello, operations: Operations) {
    this.#path = path;
    this.#server = createServer((socket) => this.#serve(socket, hello, operations));
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
  }

  /** Lets running calls answer, tells the others to ask the next daemon, closes. */
  async close(): Promise<void> {
    this.#moving = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    await Promise.allSettled(this.#calls);
    for (const socket of this.#sockets) {
      sendFrame(socket, { moved: true });
      socket.end();
      setTimeout(() => socket.destroy(), 500).unref();
    }
    await closed;
  }

  #serve(socket: Socket, hello: Hello, operations: Operations): void {
    this.#sockets.add(socket);
    const streams = new Map<number, AbortController>();
    let greeted = false;
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#sockets.delete(socket);
      for (const controller of streams.values()) controller.abort();
    });
    onFrames(socket, (frame) => {
      if (!greeted) {
        if (!("hello" in frame)) return void socket.destroy();
        if (this.#moving || (frame.hello.build !== hello.build && frame.hello.resume !== true)) {
          sendFrame(socket, { moved: true });
          socket.end();
          if (!this.#moving) operations.handOver();
          return;
        }
        greeted = true;
        return sendFrame(socket, { hello });
      }
      if ("cancel" in frame) return streams.get(frame.id)?.abort();
      if (!("method" in frame)) return;
      if (this.#moving) return sendFrame(socket, { moved: true });
      const { id, method, params } = frame;
      const controller = new AbortController();
      const streaming = operations.stream(
        method,
        params,
        (event) => sendFrame(socket, { id, event }),
        controller.signal,
      );
      if (streaming !== undefined) streams.set(id, controller);
      const running = (streaming ?? operations.call(method, params))
        .then(
          (result) => sendFrame(socket, { id, result: result ?? null }),
          (error: unknown) => {
            if (!(error instanceof AskTheNext)) sendFrame(socket, { id, error: toWireError(error) });
          },
        )
        .finally(() => {
          streams.delete(id);
          this.#calls.delete(running);
        });
      if (streaming === undefined) this.#calls.add(running);
    });
  }
}

/** This daemon ends before it answers: the client asks the next one. */
export class AskTheNext extends Error {}
