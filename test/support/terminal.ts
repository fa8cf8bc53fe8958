import { type IPty, spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { cliEnvironment, pilotfish, type CliOptions } from "./run-cli.ts";
import { waitFor } from "./wait-for.ts";

export const keys = {
  enter: "\r",
  up: "\x1b[A",
  down: "\x1b[B",
  interrupt: "\x03",
  endOfInput: "\x04",
  escape: "\x1b",
};

/** A program on a pseudo-terminal, with what a person would see of it. */
export interface Terminal {
  pid: number;
  /** The visible text without colours, lines without trailing blanks. */
  screen(): string;
  /** Everything since the start that has not been overwritten, the scrolled part included. */
  history(): string;
  type(text: string): void;
  resize(columns: number, rows: number): void;
  /** Waits until the screen shows this. @throws after the deadline, with the screen */
  waitForText(text: string | RegExp, deadlineMs?: number): Promise<void>;
  /** The exit code, once the program has ended. */
  ended: Promise<number>;
  /** Ends the program if it still runs. */
  close(): void;
}

/** Runs the built program on a terminal of its own, 100 × 30 unless told otherwise. */
export function runInTerminal(
  args: string[],
  { cwd, home, env, columns = 100, rows = 30 }: CliOptions & { columns?: number; rows?: number },
): Terminal {
  const screen = new xterm.Terminal({ cols: columns, rows, scrollback: 10_000, allowProposedApi: true });
  const pty = spawn(process.execPath, [pilotfish, ...args], {
    cols: columns,
    rows,
    cwd,
    name: "xterm-256color",
    env: withoutCi(cliEnvironment(home, env)),
  });
  pty.onData((data) => screen.write(data));
  let running = true;
  const ended = new Promise<number>((resolve) =>
    pty.onExit(({ exitCode }) => {
      running = false;
      screen.write("", () => resolve(exitCode));
    }),
  );
  const visible = (): string => textOf(screen, screen.buffer.active.baseY);
  return {
    pid: pty.pid,
    screen: visible,
    history: () => textOf(screen, 0),
    type: (text) => pty.write(text),
    resize: (newColumns, newRows) => {
      screen.resize(newColumns, newRows);
      pty.resize(newColumns, newRows);
    },
    waitForText: async (text, deadlineMs = 30_000) => {
      const shows = (): boolean => (typeof text === "string" ? visible().includes(text) : text.test(visible()));
      await waitFor(`${text} on the screen`, shows, { deadlineMs, everyMs: 20 }).catch((error: Error) => {
        throw new Error(`${error.message}\nthe screen shows:\n${visible()}`, { cause: error });
      });
    },
    ended,
    close: () => {
      if (running) end(pty);
    },
  };
}

/** A terminal is not a CI system, whatever this test runs in. */
function withoutCi({ CI: _ci, ...rest }: Record<string, string>): Record<string, string> {
  return rest;
}

function textOf(screen: xterm.Terminal, from: number): string {
  const { active } = screen.buffer;
  const lines = Array.from({ length: active.length - from }, (_, row) =>
    (active.getLine(from + row)?.translateToString(true) ?? "").trimEnd(),
  );
  return lines.join("\n").trimEnd();
}

function end(pty: IPty): void {
  try {
    pty.kill("SIGKILL");
  } catch {
    // It has just ended by itself.
  }
}
