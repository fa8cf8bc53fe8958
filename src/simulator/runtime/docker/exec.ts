import { once } from "node:events";
import type { Socket } from "node:net";
import { Duplex, PassThrough } from "node:stream";
import { RuntimeUnavailableError } from "../runtime.ts";
import type { ExecSession, Terminal } from "../runtime.ts";
import { endCommand } from "./end-command.ts";
import type { EngineClient } from "./engine-client.ts";
import { isEngineError } from "./engine-error.ts";
import { frames } from "./frames.ts";
import { waitFor } from "./wait.ts";

/** Ends the input of a program on a terminal, as Ctrl-D does. */
const endOfTransmission = "\x04";
/** The Engine ends the output a moment before it knows the exit code, and starts the output a moment before the program. */
const momentMs = 10_000;
const lookMs = 50;

/** What the agent of ECS Exec gives a terminal. */
const terminalType = "TERM=xterm-256color";

/** Runs a command in a running container, as root: so does the agent of ECS Exec, whatever the container's user is.
 *  @throws EngineError, RuntimeUnavailableError */
export async function execInContainer(
  client: EngineClient,
  containerId: string,
  command: string[],
  { tty, columns, rows }: Terminal,
): Promise<ExecSession> {
  const attached = { AttachStdin: true, AttachStdout: true, AttachStderr: true };
  const body = { ...attached, Tty: tty, Cmd: command, User: "0", ...(tty ? { Env: [terminalType] } : {}) };
  const { Id, socket } = await begin(client, containerId, body);
  const stream = new CommandStream(socket, tty);
  const errors = new PassThrough();
  const ended = new AbortController();
  const exitCode = pump(socket, tty, stream, errors).then(async () => {
    ended.abort();
    return await exitCodeOf(client, Id);
  });
  stream.once("close", () => {
    if (!ended.signal.aborted) endCommand(client, Id, containerId).catch(() => undefined);
  });
  // Whoever waits for it sees the failure; nobody has to.
  exitCode.catch(() => undefined);
  const resize = async (wide: number, high: number) => {
    if (tty) await resizeWhenRunning(client, Id, { w: wide, h: high }, ended.signal);
  };
  if (columns !== undefined && rows !== undefined) await resize(columns, rows);
  return { stream, errors, resize, exitCode };
}

/** A container stands still for a moment while its task gets its names; the command waits for that. */
async function begin(
  client: EngineClient,
  containerId: string,
  body: { Tty: boolean },
): Promise<{ Id: string; socket: Socket }> {
  for (let waited = 0; ; waited += lookMs) {
    try {
      const { Id } = await client.json<{ Id: string }>("POST", `/containers/${containerId}/exec`, { body });
      return { Id, socket: await client.upgrade(`/exec/${Id}/start`, { Detach: false, Tty: body.Tty }) };
    } catch (error) {
      if (!isEngineError(error, 409) || !/is paused/.test(error.message) || waited >= momentMs) throw error;
      await waitFor(lookMs);
    }
  }
}

/** Input and output of a command over its connection. Only `pump` gives it output. */
class CommandStream extends Duplex {
  readonly #socket: Socket;
  readonly #tty: boolean;
  #wanted: () => void = () => undefined;

  constructor(socket: Socket, tty: boolean) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    this.#tty = tty;
  }

  /** Resolves when there is room for more. */
  async give(output: Buffer): Promise<void> {
    if (this.destroyed || this.push(output)) return;
    await new Promise<void>((resolve) => (this.#wanted = resolve));
  }

  override _read(): void {
    this.#wanted();
  }

  /** What a command does not take any more is nobody's mistake. */
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#socket.write(chunk, () => done());
  }

  /** Closing our side of a terminal's connection would end its output, too. */
  override _final(done: () => void): void {
    if (this.#tty) this.#socket.write(endOfTransmission, () => done());
    else this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    this.#wanted();
    done(error);
  }
}

async function pump(socket: Socket, tty: boolean, output: CommandStream, errors: PassThrough): Promise<void> {
  try {
    if (tty) for await (const chunk of socket) await output.give(chunk as Buffer);
    else
      for await (const { stream, payload } of frames(socket))
        if (stream === "stdout") await output.give(payload);
        else if (!errors.write(payload)) await once(errors, "drain");
    output.push(null);
    errors.end();
  } catch (cause) {
    const error = new RuntimeUnavailableError(`The session broke off: ${(cause as Error).message}`, { cause });
    output.destroy(error);
    errors.on("error", () => undefined).destroy(error);
    throw error;
  }
}

async function exitCodeOf(client: EngineClient, id: string): Promise<number> {
  for (const until = Date.now() + momentMs; ; await waitFor(20)) {
    const { Running, ExitCode } = await client.json<{ Running: boolean; ExitCode: number | null }>(
      "GET",
      `/exec/${id}/json`,
    );
    if (!Running && ExitCode !== null) return ExitCode;
    if (Date.now() > until) throw new RuntimeUnavailableError("The session has ended, but its command runs on");
  }
}

/** 404: the command has ended; 409 and 500: it has not begun. */
async function resizeWhenRunning(
  client: EngineClient,
  id: string,
  query: { w: number; h: number },
  ended: AbortSignal,
): Promise<void> {
  for (const until = Date.now() + momentMs; !ended.aborted && Date.now() < until; await waitFor(20))
    try {
      return await client.json("POST", `/exec/${id}/resize`, { query });
    } catch (error) {
      if (isEngineError(error, 404)) return;
      if (!isEngineError(error, 409, 500)) throw error;
    }
}
