import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** How many levels of folders below the starting one are looked into. */
const levelsBelow = 2;

const passedOver = new Set(["node_modules", "copilot"]);

/** The Dockerfiles of a project, as paths from its root, nearest first: files named `Dockerfile`, `Dockerfile.x` or
 *  `x.Dockerfile` in any case. Hidden folders, `node_modules` and `copilot` are passed over. */
export async function findDockerfiles(root: string): Promise<string[]> {
  const found: string[] = [];
  let folders = [""];
  for (let level = 0; level <= levelsBelow; level++) {
    const contents = await Promise.all(folders.map((folder) => look(root, folder)));
    found.push(...contents.flatMap(({ dockerfiles }) => dockerfiles));
    folders = contents.flatMap((content) => content.folders);
  }
  return found;
}

async function look(root: string, folder: string): Promise<{ dockerfiles: string[]; folders: string[] }> {
  const names = await readdir(join(root, folder)).catch(() => []);
  const dockerfiles: string[] = [];
  const folders: string[] = [];
  for (const name of names.toSorted()) {
    const path = folder === "" ? name : `${folder}/${name}`;
    const entry = await stat(join(root, path)).catch(() => undefined);
    if (entry?.isFile() && isDockerfile(name)) dockerfiles.push(path);
    if (entry?.isDirectory() && !name.startsWith(".") && !passedOver.has(name)) folders.push(path);
  }
  return { dockerfiles, folders };
}

function isDockerfile(name: string): boolean {
  return /^(?:.+\.)?dockerfile(?:\..+)?$/i.test(name) && !/\.dockerignore$/i.test(name);
}
