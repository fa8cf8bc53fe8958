import { createHash } from "node:crypto";
import { accessSync, chmodSync, constants, existsSync, lstatSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { UserError } from "../../errors.ts";

/** The simulator's state folder of one user, and the names of what lies in it. */
export interface Home {
  folder: string;
  database: string;
  logs: string;
  /** The simulated environments. */
  environments: string;
  daemonLog: string;
  /** Holds the owner id that labels every container. */
  ownerFile: string;
  /** The key of the values that the database holds encrypted. */
  keyFile: string;
  /** A folder for each EFS file system. */
  efs: string;
  /** The control socket; on a short path of its own when the folder's would be too long for the kernel. */
  socket: string;
}

/** Longest socket path that every system takes, in bytes. */
const longestSocketPath = 100;

/** Where the simulator of this environment lives: PILOTFISH_HOME, else the user's state directory. Touches nothing. */
export function locateHome(env: Readonly<Record<string, string | undefined>>): Home {
  const folder = resolve(
    env["PILOTFISH_HOME"] ||
      join(env["XDG_STATE_HOME"] || join(env["HOME"] || homedir(), ".local", "state"), "pilotfish"),
  );
  const direct = join(folder, "control.sock");
  return {
    folder,
    database: join(folder, "state.db"),
    logs: join(folder, "logs"),
    environments: join(folder, "environments.json"),
    daemonLog: join(folder, "daemon.log"),
    ownerFile: join(folder, "owner"),
    keyFile: join(folder, "values.key"),
    efs: join(folder, "efs"),
    socket: Buffer.byteLength(direct) <= longestSocketPath ? direct : join(shortFolder(folder), "control.sock"),
  };
}

/** Creates the folders, readable by their owner alone.
 *  @throws UserError simulator/home when one cannot be made or written, or belongs to somebody else */
export function prepareHome(home: Home): void {
  prepare(home.folder, ownFolder);
  prepare(home.logs, privateFolder);
  if (dirname(home.socket) !== home.folder) prepare(dirname(home.socket), privateFolder);
}

/** The same for every program of the user, whatever its TMPDIR. */
function shortFolder(folder: string): string {
  const short = createHash("sha256").update(folder).digest("hex").slice(0, 12);
  return join("/tmp", `pilotfish-${process.getuid?.() ?? "user"}-${short}`);
}

function prepare(folder: string, make: (folder: string) => void): void {
  try {
    make(folder);
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unusable(folder, error as NodeJS.ErrnoException);
  }
}

/** The user may have made it, or a link to it. What holds nothing else is closed to others; a folder with other things in
 *  it, and one that a link leads to, keep their rights, which are the user's choice. */
function ownFolder(folder: string): void {
  makeFolder(folder);
  const found = statSync(folder);
  if (!found.isDirectory()) throw new Error("it is not a folder");
  if (isForeign(found.uid)) throw new Error("it belongs to another user");
  if ((found.mode & 0o077) === 0 || lstatSync(folder).isSymbolicLink()) return;
  const names = readdirSync(folder);
  if (names.length === 0 || names.includes("owner")) chmodSync(folder, 0o700);
}

/** With what is missing above it. Node's own way of doing so does not come to an end where a folder that is there takes
 *  no others, such as `/proc`. */
function makeFolder(folder: string): void {
  const make = () => {
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  };
  try {
    make();
  } catch (error) {
    const above = dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || above === folder || existsSync(above)) throw error;
    makeFolder(above);
    make();
  }
}

/** Made by us, perhaps where others may write: a link is not followed. */
function privateFolder(folder: string): void {
  makeFolder(folder);
  const found = lstatSync(folder);
  if (!found.isDirectory()) throw new Error("it is not a folder");
  if (isForeign(found.uid)) throw new Error("it belongs to another user");
  if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

function isForeign(uid: number): boolean {
  const mine = process.getuid?.();
  return mine !== undefined && uid !== mine;
}

/** @param error of the system, or in our own words */
export function unusable(folder: string, error: NodeJS.ErrnoException): UserError {
  if (error.code === "ENOSPC")
    return new UserError("simulator/disk-full", `the disk of ${folder}, where the simulator keeps its state, is full`, {
      hint: "free some space, or set PILOTFISH_HOME to a folder elsewhere",
      cause: error,
    });
  return new UserError(
    "simulator/home",
    `the simulator cannot use ${folder}: ${reasons[error.code ?? ""] ?? error.message}`,
    {
      hint: "set PILOTFISH_HOME to a folder of your own",
      cause: error,
    },
  );
}

const reasons: Record<string, string> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "its file system is read-only",
  EEXIST: "it is not a folder",
  ENOTDIR: "a part of its path is not a folder",
  ENOENT: "no folder can be made there",
};
