import { execFile } from "node:child_process";
import { promisify } from "node:util";

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

/** The names by which this owner keeps images. */
export async function keptImages(owner: string): Promise<string[]> {
  const reference = `pilotfish-kept/${owner.slice(0, 8)}`;
  const names = await docker(
    "image",
    "ls",
    "--format",
    "{{.Repository}}:{{.Tag}}",
    "--filter",
    `reference=${reference}`,
  );
  return names.split("\n").filter(Boolean);
}
