import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { docker, leftBehind, missingForContainers } from "./docker.ts";
import { runCli } from "./run-cli.ts";
import { waitFor } from "./wait-for.ts";

/** A state folder of its own for one test. Whatever the test does, its daemon, containers and the folder are gone after
 *  it: first as a user would remove them, then by force. */
export async function simulatorHome(): Promise<string> {
  const home = await realpath(await mkdtemp(join(tmpdir(), "pf-home-")));
  onTestFinished(() => endSimulator(home));
  return home;
}

/** Removes all that belongs to a state folder, and the folder. */
export async function endSimulator(home: string): Promise<void> {
  const pid = await daemonPid(home);
  const owner = ownerOf(home);
  const reset = await runCli(["local", "reset", "--yes"], { cwd: home, home });
  if (pid !== undefined && isAlive(pid)) {
    process.kill(pid, "SIGKILL");
    await waitFor(`the end of the daemon ${pid}`, () => !isAlive(pid));
  }
  const left = owner === undefined || missingForContainers !== undefined ? [] : await leftBehind(owner);
  if (left.length > 0) await removeByForce(owner as string);
  await rm(home, { recursive: true, force: true });
  if (reset.code !== 0) throw new Error(`local reset ended with ${reset.code}: ${reset.stderr}`);
  if (left.length > 0) throw new Error(`local reset left ${left.length} things behind: ${left.join(" ")}`);
}

/** The process of the daemon that answers for this state folder. */
export async function daemonPid(home: string): Promise<number | undefined> {
  const { code, stdout } = await runCli(["local", "status", "--json"], { cwd: home, home });
  return code === 0 ? (JSON.parse(stdout) as { pid?: number }).pid : undefined;
}

/** The owner label of a state folder; undefined before its first daemon. */
export function ownerOf(home: string): string | undefined {
  const file = join(home, "owner");
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

async function removeByForce(owner: string): Promise<void> {
  const filter = ["--quiet", "--filter", `label=pilotfish.owner=${owner}`];
  for (const [list, remove] of [
    [
      ["ps", "--all"],
      ["rm", "--force", "--volumes"],
    ],
    [
      ["network", "ls"],
      ["network", "rm"],
    ],
    [
      ["volume", "ls"],
      ["volume", "rm"],
    ],
  ] as const) {
    const ids = (await docker(...list, ...filter)).split("\n").filter(Boolean);
    if (ids.length > 0) await docker(...remove, ...ids);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
