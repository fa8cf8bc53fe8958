import { once } from "node:events";
import type { Socket } from "node:net";
import { Duplex, PassThrough, Writable } from "node:stream";
import { RuntimeUnavailableError } from "../runtime.ts";
import type { ExecSession, Terminal } from "../runtime.ts";
import type { EngineClient } from "./engine-client.ts";
import { isEngineError } from "./engine-error.ts";
import { frames } from "./frames.ts";
import { waitFor } from "./wait.ts";

/** Ends the input of a program on a terminal, as Ctrl-D does. */
const endOfTransmission = "\x04";
/** The Engine ends the output a moment before it knows the exit code, and starts the output a moment before the program. */
const momentMs = 10_000;

/** Runs a command in a running container.
 *  @throws EngineError, RuntimeUnavailableError */
export async function execInContainer(
  client: EngineClient,
  containerId: string,
  command: string[],
  { tty, columns, rows }: Terminal,
): Promise<ExecSession> {
  const body = { AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: tty, Cmd: command };
  const { Id } = await client.json<{ Id: string }>("POST", `/containers/${containerId}/exec`, { body });
  const socket = await client.upgrade(`/exec/${Id}/start`, { Detach: false, Tty: tty });
  const output = new PassThrough();
  const errors = new PassThrough();
  const ended = new AbortController();
  const exitCode = pump(socket, tty, output, errors).then(async () => {
    ended.abort();
    return await exitCodeOf(client, Id);
  });
  // Whoever waits for it sees the failure; nobody has to.
  exitCode.catch(() => undefined);
  const resize = async (wide: number, high: number) => {
    if (tty) await resizeWhenRunning(client, Id, { w: wide, h: high }, ended.signal);
  };
  if (columns !== undefined && rows !== undefined) await resize(columns, rows);
  return { stream: Duplex.from({ writable: inputOf(socket, tty), readable: output }), errors, resize, exitCode };
}

async function pump(socket: Socket, tty: boolean, output: PassThrough, errors: PassThrough): Promise<void> {
  try {
    if (tty) for await (const chunk of socket) await write(output, chunk as Buffer);
    else
      for await (const { stream, payload } of frames(socket))
        await write(stream === "stdout" ? output : errors, payload);
    output.end();
    errors.end();
  } catch (cause) {
    const error = new RuntimeUnavailableError(`The session broke off: ${(cause as Error).message}`, { cause });
    output.destroy(error);
    errors.on("error", () => undefined).destroy(error);
    throw error;
  }
}

async function write(to: PassThrough, chunk: Buffer): Promise<void> {
  if (!to.destroyed && !to.write(chunk)) await Promise.race([once(to, "drain"), once(to, "close")]);
}

function inputOf(socket: Socket, tty: boolean): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => void socket.write(chunk, done),
    // Closing our side of a terminal's connection would end its output, too.
    final: (done) => void (tty ? socket.write(endOfTransmission, () => done()) : socket.end(() => done())),
    destroy: (error, done) => {
      if (error !== null) socket.destroy();
      done(error);
    },
  });
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
