import { execa } from "execa";

/** What `git describe --always` says of a folder whose tree is clean. Undefined when something is uncommitted,
 *  when there is no commit yet, and where there is no repository or no git. */
export async function gitDescription(folder: string): Promise<string | undefined> {
  const status = await git(folder, "status", "--porcelain");
  return status === "" ? await git(folder, "describe", "--always") : undefined;
}

/** The folder that holds the repository, or undefined. */
export async function gitRoot(folder: string): Promise<string | undefined> {
  return git(folder, "rev-parse", "--show-toplevel");
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
