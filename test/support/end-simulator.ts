import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { docker, keptImages, leftBehind } from "./docker.ts";
import { missingForContainers } from "./missing-for-containers.ts";
import { runCli } from "./run-cli.ts";
import { waitFor } from "./wait-for.ts";

/** Removes all that belongs to a state folder, and the folder: as a user would, then by force.
 *  @throws when force was needed */
export async function endSimulator(home: string, env: Record<string, string> = {}): Promise<void> {
  const owner = ownerOf(home);
  if (owner === undefined) return rm(home, { recursive: true, force: true });
  const place = { cwd: dirname(home), home, env };
  const pid = await daemonPid(home, env);
  const { code, stderr } = await runCli(["local", "reset", "--yes"], place);
  const problems = code === 0 ? [] : [`local reset ended with exit code ${code}: ${stderr.trim()}`];
  if (pid !== undefined && isAlive(pid)) {
    problems.push(`the daemon ${pid} was still there`);
    process.kill(pid, "SIGKILL");
    await waitFor(`the end of the daemon ${pid}`, () => !isAlive(pid));
  }
  const left = missingForContainers === undefined ? [...(await leftBehind(owner)), ...(await keptImages(owner))] : [];
  if (left.length > 0) {
    problems.push(`left behind: ${left.join(" ")}`);
    await removeByForce(owner);
  }
  await rm(home, { recursive: true, force: true });
  if (problems.length > 0) throw new Error(problems.join("; "));
}

/** The process of the daemon that answers for this state folder. */
export async function daemonPid(home: string, env: Record<string, string> = {}): Promise<number | undefined> {
  const { code, stdout } = await runCli(["local", "status", "--json"], { cwd: dirname(home), home, env });
  return code === 0 ? (JSON.parse(stdout) as { pid?: number }).pid : undefined;
}

/** The owner label of a state folder; undefined before its first daemon. */
export function ownerOf(home: string): string | undefined {
  const file = join(home, "owner");
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

async function removeByForce(owner: string): Promise<void> {
  for (const name of await keptImages(owner)) await docker("image", "rm", name);
  const filter = ["--quiet", "--filter", `label=pilotfish.owner=${owner}`];
  const kinds = [
    { list: ["ps", "--all"], remove: ["rm", "--force", "--volumes"] },
    { list: ["network", "ls"], remove: ["network", "rm"] },
    { list: ["volume", "ls"], remove: ["volume", "rm"] },
  ];
  for (const { list, remove } of kinds) {
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
