import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../errors.ts";
import { type DaemonProgram, type Program, spawnProgram } from "./daemon-program.ts";
import type { Home } from "./home.ts";
import { fromWireError } from "./wire-error.ts";

/** Starts the daemon in the background and waits until `ready` says that it answers. A second one that starts at the
 *  same moment finds the state locked and ends; both callers then meet the first.
 *  @throws UserError simulator/start-failed, or the daemon's own reason */
export async function startDaemon<T>(
  home: Home,
  program: DaemonProgram,
  args: string[],
  ready: () => Promise<T | undefined>,
  deadlineMs = 40_000,
): Promise<T> {
  const started = spawnProgram(home, program, args);
  const deadline = Date.now() + deadlineMs;
  for (let pause = 5; Date.now() < deadline; pause = Math.min(pause * 1.5, 100)) {
    await (started.report() === undefined ? Promise.race([started.settled, sleep(pause)]) : sleep(pause));
    const hasEnded = started.hasEnded();
    const found = await ready();
    if (found !== undefined) return found;
    if (hasEnded && !metAnother(started)) throw startFailure(home, started);
  }
  throw new UserError("simulator/start-failed", `the simulator did not answer within ${deadlineMs / 1000} s`, {
    hint: `read ${home.daemonLog}`,
  });
}

/** Runs the daemon's program to its end. @throws as {@link startDaemon} */
export async function runToEnd(home: Home, program: DaemonProgram, args: string[]): Promise<void> {
  const started = spawnProgram(home, program, args, true);
  if ((await started.ended) !== "exit code 0") throw startFailure(home, started);
}

/** It found the state in use by a daemon that does not answer yet. */
function metAnother(started: Program): boolean {
  const report = started.report();
  return report !== undefined && "failed" in report && report.failed.code === "simulator/busy";
}

function startFailure(home: Home, started: Program): Error {
  const report = started.report();
  const failed = report !== undefined && "failed" in report ? report.failed : undefined;
  if (failed !== undefined && failed.code !== "internal") return fromWireError(failed);
  return new UserError(
    "simulator/start-failed",
    `the simulator did not start: ${failed?.message ?? `it ended with ${started.hasEnded()}`}`,
    { hint: `read ${home.daemonLog}` },
  );
}
