import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { runCli } from "../run-cli.ts";

export interface Made {
  folder: string;
  home: string;
  /** Part of the name of every image that was built; nobody else has it. */
  app: string;
  env: Record<string, string>;
  /** Ids of images, which may have lost their names since. */
  images: string[];
}

/** Removes service, daemon, containers, images and folders, by force where the program itself did not.
 *  @returns what could not be removed */
export async function cleanUp({ folder, home, app, env, images }: Made): Promise<string[]> {
  const problems: string[] = [];
  const attempt = (what: string, work: () => Promise<unknown>): Promise<unknown> =>
    work().catch((error: Error) => problems.push(`${what}: ${error.message}`));
  const ownerFile = join(home, "owner");
  const owner = existsSync(ownerFile) ? readFileSync(ownerFile, "utf8").trim() : undefined;
  if (owner !== undefined) {
    const project = join(folder, "project");
    await runCli(["svc", "delete", "-n", "hello", "-e", "local", "--yes"], { cwd: project, home, env });
    const daemon = await daemonOf(home, folder, env);
    const reset = await runCli(["local", "reset", "--yes"], { cwd: folder, home, env });
    if (reset.code !== 0) problems.push(`local reset: ${reset.stderr.trim()}`);
    if (daemon !== undefined) killIfAlive(daemon);
    await attempt("containers", () => removeContainers(owner));
  }
  await attempt("images", () => removeImages(app, images));
  await attempt(folder, () => rm(folder, { recursive: true, force: true }));
  return problems;
}

async function daemonOf(home: string, cwd: string, env: Record<string, string>): Promise<number | undefined> {
  const { code, stdout } = await runCli(["local", "status", "--json"], { cwd, home, env });
  return code === 0 ? (JSON.parse(stdout) as { pid?: number }).pid : undefined;
}

/** A reset waits for the daemon's end, so one that is still there hangs. */
function killIfAlive(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone, as it should be.
  }
}

async function removeContainers(owner: string): Promise<void> {
  const left = await docker("ps", "--all", "--quiet", "--filter", `label=pilotfish.owner=${owner}`);
  if (left.length > 0) await docker("rm", "--force", "--volumes", ...left);
  const networks = await docker("network", "ls", "--quiet", "--filter", `label=pilotfish.owner=${owner}`);
  if (networks.length > 0) await docker("network", "rm", ...networks);
}

/** Only names of ours, and ids that no name holds: the same content may also be somebody else's image. */
async function removeImages(app: string, ids: string[]): Promise<void> {
  const names = await docker("images", "--format", "{{.Repository}}:{{.Tag}}");
  const ours = names.filter((name) => name.includes(app) && !name.endsWith(":<none>"));
  if (ours.length > 0) await docker("image", "rm", ...ours);
  for (const id of ids) {
    const tags = await docker("image", "inspect", "--format", "{{len .RepoTags}}", id).catch(() => []);
    if (tags[0] === "0") await docker("image", "rm", id);
  }
}

/** The lines that the docker client prints; none where there is no docker. */
async function docker(...args: string[]): Promise<string[]> {
  try {
    const { stdout } = await promisify(execFile)("docker", args);
    return stdout.split("\n").filter(Boolean);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    if (/Cannot connect to the Docker daemon/.test(String((error as { stderr?: string }).stderr))) return [];
    throw error;
  }
}
