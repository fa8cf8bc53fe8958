import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

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
  readonly #realFolders = new Map<string, string>();
  #realRoot: string | undefined;
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

  /** The names of what lies in a folder, sorted; hidden ones too. */
  async list(path: string): Promise<string[]> {
    return readdirSync(resolve(this.#root, path)).toSorted();
  }

  /** The first bytes of a file, up to a number of them. */
  async read(path: string, most: number): Promise<Uint8Array> {
    const file = openSync(resolve(this.#root, path), "r");
    try {
      const buffer = Buffer.alloc(Math.min(fstatSync(file).size, most));
      return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, 0));
    } finally {
      closeSync(file);
    }
  }

  async #look(path: string): Promise<FoundPath> {
    const shown = relative(this.#cwd, path) || ".";
    try {
      // Waiting for a promise takes longer than such a call, and there may be thousands.
      const real = this.#realPath(path);
      const found = statSync(real);
      const kind = found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
      return { kind, readable: isReadable(real), outside: await this.#isOutside(real), shown };
    } catch {
      return { kind: "missing", readable: false, outside: false, shown };
    }
  }

  /** As realpath, but a folder is looked at once, however many of its files are named. */
  #realPath(path: string): string {
    const folder = dirname(path);
    if (folder === path) return path;
    let real = this.#realFolders.get(folder);
    if (real === undefined) this.#realFolders.set(folder, (real = this.#realPath(folder)));
    const inside = join(real, basename(path));
    return lstatSync(inside).isSymbolicLink() ? realpathSync.native(inside) : inside;
  }

  async #isOutside(real: string): Promise<boolean> {
    const root = (this.#realRoot ??= realpathSync.native(this.#root));
    if (contains(root, real)) return false;
    // Git is asked, and what runs it is loaded, only when a path leaves the workspace.
    this.#project ??= import("./git.ts")
      .then(({ gitRoot }) => gitRoot(root))
      .then((found) => (found === undefined ? root : realpathSync.native(found)));
    return !contains(await this.#project, real);
  }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function contains(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
