import { access, constants, open, realpath, stat } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { gitRoot } from "./git.ts";

/** What lies at a path that a manifest names. */
export interface FoundPath {
  kind: "file" | "folder" | "other" | "missing";
  /** Whether this user may read it. */
  readable: boolean;
  /** Whether it really lies outside of the project: of the git work tree, else of the workspace's root. */
  outside: boolean;
  /** As a terminal opens it: from the folder that the user is in. */
  shown: string;
}

/** The files around a workspace, seen through paths that start at its root. Each path is looked at once. */
export class ProjectFiles {
  readonly #root: string;
  readonly #cwd: string;
  readonly #found = new Map<string, Promise<FoundPath>>();
  #realRoot: Promise<string> | undefined;
  #project: Promise<string> | undefined;

  constructor(root: string, cwd: string) {
    this.#root = root;
    this.#cwd = cwd;
  }

  /** What is at a path; links are followed to where they lead. */
  look(path: string): Promise<FoundPath> {
    let found = this.#found.get(path);
    if (!found) this.#found.set(path, (found = this.#look(resolve(this.#root, path))));
    return found;
  }

  /** The first bytes of a file, up to a number of them. */
  async read(path: string, most: number): Promise<Uint8Array> {
    const file = await open(resolve(this.#root, path));
    try {
      const { size } = await file.stat();
      const buffer = Buffer.alloc(Math.min(size, most));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  async #look(path: string): Promise<FoundPath> {
    const shown = relative(this.#cwd, path) || ".";
    try {
      const real = await realpath(path);
      const found = await stat(real);
      const kind = found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
      const readable = await access(real, constants.R_OK).then(
        () => true,
        () => false,
      );
      return { kind, readable, outside: await this.#isOutside(real), shown };
    } catch {
      return { kind: "missing", readable: false, outside: false, shown };
    }
  }

  async #isOutside(real: string): Promise<boolean> {
    const root = await (this.#realRoot ??= realpath(this.#root));
    if (contains(root, real)) return false;
    // Git is asked only when a path leaves the workspace.
    this.#project ??= gitRoot(root).then((found) => (found === undefined ? root : realpath(found)));
    return !contains(await this.#project, real);
  }
}

function contains(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
