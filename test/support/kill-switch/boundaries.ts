import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const armed = (home: string) => join(home, "boundary-to-die-at");

/** To be called by a daemon's process at each boundary, which it may not live to pass. */
export function boundary(home: string, name: string): void {
  if (!existsSync(armed(home)) || readFileSync(armed(home), "utf8") !== name) return;
  rmSync(armed(home));
  process.kill(process.pid, "SIGKILL");
}

/** The daemon of this home dies when it next comes to this boundary. */
export function arm(home: string, name: string): void {
  writeFileSync(armed(home), name);
}

/** Whether the daemon has not come there yet. */
export function isArmed(home: string): boolean {
  return existsSync(armed(home));
}
