import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { UserError, type ErrorCode } from "../../errors.ts";
import type { Home } from "./home.ts";

export interface DaemonProgram {
  /** The file that Node runs. */
  file: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** The line by which a daemon that cannot start says why, in its log. */
export const failureMark = "cannot start: ";

/** Starts the daemon in the background and waits until `ready` says that it answers. A second one that starts at the
 *  same moment finds the state locked and ends; both callers then meet the first.
 *  @throws UserError simulator/start-failed with the daemon's own reason */
export async function startDaemon<T>(
  home: Home,
  program: DaemonProgram,
  args: string[],
  ready: () => Promise<T | undefined>,
  deadlineMs = 30_000,
): Promise<T> {
  const from = logSize(home);
  const child = spawnProgram(home, program, args);
  let ended = false;
  child.once("exit", () => (ended = true));
  child.once("error", () => (ended = true));
  child.unref();
  const deadline = Date.now() + deadlineMs;
  for (let pause = 5; Date.now() < deadline; pause = Math.min(pause * 1.5, 100)) {
    const found = await ready();
    if (found !== undefined) return found;
    if (ended) {
      await sleep(100);
      const other = await ready();
      if (other !== undefined) return other;
      const reason = failureReason(home, from);
      if (reason?.code !== "simulator/busy") throw startFailure(home, reason);
    }
    await sleep(pause);
  }
  throw startFailure(home, { message: `it did not answer within ${deadlineMs / 1000} s` });
}

/** Runs the daemon's program to its end. @throws UserError with the program's own reason */
export async function runToEnd(home: Home, program: DaemonProgram, args: string[]): Promise<void> {
  const from = logSize(home);
  const child = spawnProgram(home, program, args);
  const code = await new Promise<number | null>((resolve) => {
    child.once("exit", resolve);
    child.once("error", () => resolve(null));
  });
  if (code !== 0) throw startFailure(home, failureReason(home, from));
}

function spawnProgram(home: Home, program: DaemonProgram, args: string[]): ChildProcess {
  const log = openSync(home.daemonLog, "a", 0o600);
  try {
    return spawn(process.execPath, [program.file, ...args], {
      detached: true,
      stdio: ["ignore", log, log],
      cwd: home.folder,
      env: { ...program.env, PILOTFISH_HOME: home.folder } as NodeJS.ProcessEnv,
    });
  } finally {
    closeSync(log);
  }
}

function logSize(home: Home): number {
  return existsSync(home.daemonLog) ? statSync(home.daemonLog).size : 0;
}

function startFailure(home: Home, reason: Reason | undefined): UserError {
  if (reason?.code !== undefined && reason.code !== "internal")
    return new UserError(reason.code as ErrorCode, reason.message, { hint: reason.hint });
  return new UserError(
    "simulator/start-failed",
    `the simulator did not start: ${reason?.message ?? "it ended at once"}`,
    {
      hint: `read ${home.daemonLog}`,
    },
  );
}

interface Reason {
  code?: string;
  message: string;
  hint?: string;
}

function failureReason(home: Home, from: number): Reason | undefined {
  const lines = readFileSync(home.daemonLog).subarray(from).toString("utf8").trimEnd().split("\n");
  const marked = lines.findLast((line) => line.includes(failureMark));
  if (marked === undefined) return lines.at(-1) ? { message: lines.at(-1) as string } : undefined;
  return JSON.parse(marked.slice(marked.indexOf(failureMark) + failureMark.length)) as Reason;
}
