import { createHash } from "node:crypto";
import { lstatSync, mkdirSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { UserError } from "../../errors.ts";

/** The simulator's state folder of one user, and the names of what lies in it. */
export interface Home {
  folder: string;
  database: string;
  logs: string;
  daemonLog: string;
  /** Holds the owner id that labels every container. */
  ownerFile: string;
  /** The control socket; on a short path of its own when the folder's would be too long for the kernel. */
  socket: string;
}

/** Longest socket path that every system takes, in bytes. */
const longestSocketPath = 100;

/** Where the simulator of this environment lives: PILOTFISH_HOME, else the user's state directory. Touches nothing. */
export function locateHome(env: Readonly<Record<string, string | undefined>>): Home {
  const folder = env["PILOTFISH_HOME"]
    ? resolve(env["PILOTFISH_HOME"])
    : join(env["XDG_STATE_HOME"] || join(env["HOME"] || homedir(), ".local", "state"), "pilotfish");
  const direct = join(folder, "control.sock");
  return {
    folder,
    database: join(folder, "state.db"),
    logs: join(folder, "logs"),
    daemonLog: join(folder, "daemon.log"),
    ownerFile: join(folder, "owner"),
    socket: Buffer.byteLength(direct) <= longestSocketPath ? direct : join(shortFolder(folder), "control.sock"),
  };
}

/** Creates the folders, readable by their owner alone.
 *  @throws UserError simulator/home when one cannot be made or belongs to somebody else */
export function prepareHome(home: Home): void {
  for (const folder of [home.folder, home.logs, ...socketFolders(home)]) privateFolder(folder);
}

function socketFolders(home: Home): string[] {
  return home.socket.startsWith(home.folder) ? [] : [resolve(home.socket, "..")];
}

function shortFolder(folder: string): string {
  const short = createHash("sha256").update(folder).digest("hex").slice(0, 12);
  const base = Buffer.byteLength(tmpdir()) <= 40 ? tmpdir() : "/tmp";
  return join(base, `pilotfish-${process.getuid?.() ?? "user"}-${short}`);
}

function privateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    const uid = process.getuid?.();
    if (!found.isDirectory()) throw new Error("it is not a folder");
    if (uid !== undefined && found.uid !== uid) throw new Error("it belongs to another user");
  } catch (error) {
    throw new UserError("simulator/home", `the simulator cannot use ${folder}: ${(error as Error).message}`, {
      hint: "set PILOTFISH_HOME to a folder of your own",
      cause: error,
    });
  }
}
