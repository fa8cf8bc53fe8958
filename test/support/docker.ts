import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { describe } from "vitest";
import { findStaticBusybox } from "./static-program.ts";

/** What tests with real containers miss on this machine and how to get it; undefined when nothing is missing. */
export const missingForContainers: string | undefined = lookForMissing();

/** A group of tests that need a Docker Engine and a static program to put into images. Without them it is skipped, and
 *  its name, which the end of a test run shows, says why. */
export function describeWithEngine(name: string, tests: () => void): void {
  if (missingForContainers === undefined) describe(name, tests);
  else describe.skip(`${name} (skipped: ${missingForContainers})`, tests);
}

/** Runs the docker client. @returns what it printed, without the last line end @throws with what it said on stderr */
export async function docker(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("docker", args, {
    maxBuffer: 2 ** 26,
    env: { ...process.env, DOCKER_BUILDKIT: "0" },
  });
  return stdout.trimEnd();
}

/** The ids of everything of this owner that is on the Engine: containers, networks and volumes. */
export async function leftBehind(owner: string): Promise<string[]> {
  const filter = ["--quiet", "--filter", `label=pilotfish.owner=${owner}`];
  const kinds = [
    ["ps", "--all"],
    ["network", "ls"],
    ["volume", "ls"],
  ];
  const found = await Promise.all(kinds.map((kind) => docker(...kind, ...filter)));
  return found.flatMap((lines) => lines.split("\n")).filter(Boolean);
}

function lookForMissing(): string | undefined {
  const engine = spawnSync("docker", ["version", "--format", "{{.Server.Version}}"], { timeout: 10_000 });
  if (engine.error !== undefined) return "there is no docker client: apt-get install docker.io";
  if (engine.status !== 0) return "no Docker Engine answers: apt-get install docker.io, then start dockerd";
  if (findStaticBusybox() === undefined) return "there is no static busybox: apt-get install busybox-static";
  return undefined;
}
