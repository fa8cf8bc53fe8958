import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, renameSync, statSync } from "node:fs";
import type { Socket } from "node:net";
import { type Home, unusable } from "./home.ts";
import { parseReport, reportVariable, type StartReport } from "./start-report.ts";

export interface DaemonProgram {
  /** The file that Node runs. */
  file: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** A daemon's program that was started here. */
export interface Program {
  /** How it ended: `exit code 1`, `SIGKILL`. */
  readonly ended: Promise<string>;
  /** Resolves when it has reported or ended. */
  readonly settled: Promise<void>;
  /** How it ended, once it has. */
  hasEnded(): string | undefined;
  report(): StartReport | undefined;
}

/** A log that is larger makes room when the next daemon starts. */
const largeLog = 5 * 2 ** 20;

/** Runs the program in a session of its own, its output in the daemon's log. A daemon that answers goes on without us, so
 *  it keeps this process alive only when `toItsEnd`.
 *  @throws UserError simulator/home, simulator/disk-full when there can be no log */
export function spawnProgram(home: Home, program: DaemonProgram, args: string[], toItsEnd = false): Program {
  const log = openLog(home);
  try {
    const child = spawn(process.execPath, [program.file, ...args], {
      detached: true,
      stdio: ["ignore", log, log, "pipe"],
      cwd: home.folder,
      env: { ...program.env, PILOTFISH_HOME: home.folder, [reportVariable]: "3" } as NodeJS.ProcessEnv,
    });
    if (!toItsEnd) letGo(child);
    return observe(child);
  } finally {
    closeSync(log);
  }
}

function observe(child: ChildProcess): Program {
  const pipe = child.stdio[3] as Socket;
  let text = "";
  let how: string | undefined;
  pipe.setEncoding("utf8").on("data", (part: string) => (text += part));
  const told = new Promise<void>((resolve) => pipe.once("close", resolve).once("error", resolve));
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve((how = error.message)));
    child.once("exit", (code, signal) => void told.then(() => resolve((how = signal ?? `exit code ${code}`))));
  });
  const settled = Promise.race([told, ended.then(() => undefined)]);
  return { ended, settled, hasEnded: () => how, report: () => parseReport(text) };
}

function letGo(child: ChildProcess): void {
  child.unref();
  (child.stdio[3] as Socket).unref();
}

function openLog(home: Home): number {
  try {
    if ((statSync(home.daemonLog, { throwIfNoEntry: false })?.size ?? 0) > largeLog)
      renameSync(home.daemonLog, `${home.daemonLog}.1`);
    return openSync(home.daemonLog, "a", 0o600);
  } catch (error) {
    throw unusable(home.folder, error as NodeJS.ErrnoException);
  }
}
