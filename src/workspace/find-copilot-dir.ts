import { realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** How many folders are looked at: the starting one and four above it, as Copilot does. */
const levels = 5;

/** The `copilot` folder that a folder belongs to. A starting folder that is itself named `copilot` is taken as it is.
 *  A path with links in it is followed as written first, then as it really lies on the disk. */
export async function findCopilotDir(cwd: string): Promise<string | undefined> {
  const real = await realpath(cwd);
  return (await searchUpwards(cwd)) ?? (real === cwd ? undefined : await searchUpwards(real));
}

async function searchUpwards(start: string): Promise<string | undefined> {
  if (basename(start) === "copilot") return start;
  let folder = start;
  for (let level = 0; level < levels; level++) {
    const candidate = join(folder, "copilot");
    if (await isDirectory(candidate)) return candidate;
    folder = dirname(folder);
  }
  return undefined;
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
