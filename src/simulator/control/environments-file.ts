import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { UserError } from "../../errors.ts";
import type { Home } from "./home.ts";

/** An environment that the simulator knows. `local` is listed too, once an application has used it. */
export interface SimulatedEnvironment {
  app: string;
  name: string;
  /** Whose overlay of the manifests it takes instead of its own. */
  like?: string;
}

/** The simulated environments of a state folder. Anybody of the same user may read them, whether a daemon runs or not; only
 *  the daemon that holds the state writes them. @throws UserError simulator/home when they cannot be read */
export function readEnvironments(home: Home): SimulatedEnvironment[] {
  try {
    return (JSON.parse(readFileSync(home.environments, "utf8")) as { environments: SimulatedEnvironment[] })
      .environments;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new UserError("simulator/home", `${home.environments} cannot be read: ${(error as Error).message}`, {
      hint: "pilotfish local reset    (forgets all simulated services and environments)",
      cause: error,
    });
  }
}

/** Replaces the file whole or not at all; when it returns, the disk has it. @throws UserError simulator/disk-full */
export function writeEnvironments(home: Home, environments: readonly SimulatedEnvironment[]): void {
  const temporary = `${home.environments}.new`;
  try {
    const file = openSync(temporary, "w", 0o600);
    try {
      writeSync(file, `${JSON.stringify({ environments })}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, home.environments);
  } catch (error) {
    rmSync(temporary, { force: true });
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (code !== "ENOSPC" && code !== "EDQUOT") throw error;
    throw new UserError("simulator/disk-full", "the disk with the simulator's state is full", {
      hint: "free some space; nothing is lost",
      cause: error,
    });
  }
}
