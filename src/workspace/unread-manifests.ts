import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readSource } from "./read-source.ts";

/** A manifest where none is read, and where it would be; both start in `copilot/`. */
export interface UnreadManifest {
  path: string;
  instead: string;
}

/** Manifests that lie too deep or have the wrong ending: nobody reads them, and nobody says so. Folders that begin with
 *  `.` or `_` are put aside on purpose.
 *  @param inPlace the folders that have a manifest where it is read */
export async function unreadManifests(copilotDir: string, inPlace: ReadonlySet<string>): Promise<UnreadManifest[]> {
  const found = await manifestsIn(copilotDir, []);
  const unread = found.flatMap((steps) => {
    const folders = steps.slice(0, -1);
    const instead = placeOf(folders);
    return instead === undefined || inPlace.has(instead.join("/"))
      ? []
      : [{ path: steps.join("/"), instead: [...instead, "manifest.yml"].join("/") }];
  });
  const isManifest = await Promise.all(unread.map(({ path }) => saysItsType(join(copilotDir, path))));
  return unread.filter((_, i) => isManifest[i]);
}

const deepest = 3;

async function manifestsIn(folder: string, steps: string[]): Promise<string[][]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() && /^manifest\.ya?ml$/.test(entry.name));
  const folders = entries.filter(
    (entry) => entry.isDirectory() && !/^[._]|^(addons|overrides|node_modules)$/.test(entry.name),
  );
  const deeper =
    steps.length < deepest
      ? await Promise.all(folders.map(({ name }) => manifestsIn(join(folder, name), [...steps, name])))
      : [];
  return [...files.map(({ name }) => [...steps, name]), ...deeper.flat()];
}

/** The folder of a manifest of the same name that would be read. */
function placeOf(folders: readonly string[]): string[] | undefined {
  const name = folders.at(-1);
  if (name === undefined) return ["NAME"];
  const [first = ""] = folders;
  if (first !== "environments" && first !== "pipelines") return [name];
  return [first, folders.length === 1 ? "NAME" : name];
}

async function saysItsType(path: string): Promise<boolean> {
  const text = await readSource(path).catch(() => "");
  return /^type:.*(Service|Site|Job|Environment)/m.test(text);
}
