import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import { UserError } from "../../errors.ts";
import type { Calls, ExecEvent, Streams } from "../protocol.ts";
import { tasksOf } from "../engine/queries.ts";
import { type ExecSession, RuntimeError, RuntimeUnavailableError } from "../runtime/runtime.ts";
import type { Daemon } from "./daemon.ts";
import { execTarget } from "./exec-target.ts";
import { serviceOf } from "./service-of.ts";

type Send = (event: ExecEvent) => Promise<void> | undefined;

/** The commands that run in containers for somebody. Nothing of them is kept: a session ends with its command, with who
 *  asked for it, and with the daemon. */
export class ExecSessions {
  readonly #daemon: Daemon;
  readonly #sessions = new Map<string, ExecSession>();

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  /** Runs a command and sends what it prints, no faster than it is read.
   *  @throws UserError service/not-found, exec/*, engine/unreachable */
  async run(request: Streams["exec"]["params"], send: Send, signal: AbortSignal): Promise<void> {
    const { state, runtime } = this.#daemon;
    const service = serviceOf(state, `${request.app}/${request.env}/${request.name}`);
    const { task, container } = execTarget(service, tasksOf(state, service.id), request);
    const terminal = { tty: request.terminal !== undefined, ...request.terminal };
    const running = await runtime.exec(task, container, request.command, terminal).catch(refused);
    const session = randomUUID();
    const leave = () => {
      this.#sessions.delete(session);
      running.stream.destroy();
      running.errors.destroy();
    };
    this.#sessions.set(session, running);
    signal.addEventListener("abort", leave, { once: true });
    try {
      if (signal.aborted) return;
      await send({ type: "started", session, task, container });
      await Promise.all([pass("stdout", running.stream, send), pass("stderr", running.errors, send)]);
      await send({ type: "exit", code: await running.exitCode });
    } catch (error) {
      if (!signal.aborted) throw brokenOff(error);
    } finally {
      signal.removeEventListener("abort", leave);
      leave();
    }
  }

  async input({ session, data, end }: Calls["exec-input"]["params"]): Promise<Calls["exec-input"]["result"]> {
    const stream = this.#sessions.get(session)?.stream;
    if (stream === undefined || !stream.writable) return { open: false };
    if (data !== undefined)
      await new Promise<void>((resolve) => stream.write(Buffer.from(data, "base64"), () => resolve()));
    if (end) stream.end();
    return { open: stream.writable };
  }

  async resize({ session, columns, rows }: Calls["exec-resize"]["params"]): Promise<void> {
    await this.#sessions.get(session)?.resize(columns, rows);
  }
}

async function pass(stream: "stdout" | "stderr", from: Readable, send: Send): Promise<void> {
  for await (const bytes of from) await send({ type: "output", stream, data: (bytes as Buffer).toString("base64") });
}

function refused(error: unknown): never {
  if (error instanceof RuntimeError) throw new UserError("exec/unavailable", error.error.message, { cause: error });
  throw brokenOff(error);
}

function brokenOff(error: unknown): unknown {
  if (!(error instanceof RuntimeUnavailableError)) return error;
  return new UserError("engine/unreachable", error.message, { hint: "docker info", cause: error });
}
