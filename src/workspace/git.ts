import { execa } from "execa";

/** What `git describe --always` says of a folder whose tree is clean. Undefined when something is uncommitted,
 *  when there is no commit yet, and where there is no repository or no git. */
export async function gitDescription(folder: string): Promise<string | undefined> {
  const status = await git(folder, "status", "--porcelain");
  return status === "" ? await git(folder, "describe", "--always") : undefined;
}

/** The commit that is checked out, as `git describe --always` says it, with `+` after it when something is uncommitted.
 *  Undefined when there is no commit yet, and where there is no repository or no git. */
export async function gitRevision(folder: string): Promise<string | undefined> {
  return git(folder, "describe", "--always", "--dirty=+");
}

/** The folder that holds the repository, or undefined. */
export async function gitRoot(folder: string): Promise<string | undefined> {
  return git(folder, "rev-parse", "--show-toplevel");
}

/** The branch that is checked out; undefined for a commit without one. */
export async function gitBranch(folder: string): Promise<string | undefined> {
  return (await git(folder, "symbolic-ref", "--short", "HEAD")) || undefined;
}

/** The address that `origin` is fetched from, or the only other remote; undefined where that is not clear. */
export async function gitRemote(folder: string): Promise<string | undefined> {
  const names = (await git(folder, "remote"))?.split("\n").filter((name) => name !== "") ?? [];
  const name = names.includes("origin") ? "origin" : names.length === 1 ? names[0] : undefined;
  return name === undefined ? undefined : git(folder, "remote", "get-url", name);
}

async function git(folder: string, ...args: string[]): Promise<string | undefined> {
  const result = await execa("git", args, {
    cwd: folder,
    reject: false,
    stdin: "ignore",
    // A question about the tree must not wait for, or make, a lock on the index.
    env: { GIT_OPTIONAL_LOCKS: "0" },
  });
  return result.failed ? undefined : result.stdout;
}
