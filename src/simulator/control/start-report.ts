import { closeSync, writeSync } from "node:fs";
import type { WireError } from "./wire-error.ts";

/** What a daemon's program tells the one who started it, once: that it answers, or why not. */
export type StartReport = { ready: true } | { failed: WireError };

/** The environment variable that names the file descriptor for it. */
export const reportVariable = "PILOTFISH_REPORT_FD";

/** Takes the descriptor out of the environment. The one who started us may be gone already, or never have been. */
export function startReporter(env: Record<string, string | undefined>): (report: StartReport) => void {
  let descriptor = env[reportVariable];
  delete env[reportVariable];
  return (report) => {
    if (descriptor === undefined) return;
    const fd = Number(descriptor);
    descriptor = undefined;
    try {
      writeSync(fd, JSON.stringify(report));
      closeSync(fd);
    } catch {
      // Nobody is there to read it.
    }
  };
}

export function parseReport(text: string): StartReport | undefined {
  try {
    return JSON.parse(text) as StartReport;
  } catch {
    return undefined;
  }
}
