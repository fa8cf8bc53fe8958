import { execFile } from "node:child_process";
import { readFile, readdir, readlink } from "node:fs/promises";
import { promisify } from "node:util";

/** The state of a socket that listens, in the tables of /proc. */
const listening = { tcp: "0A", udp: "07" };

/** The program that listens on this port of this machine: `nginx (pid 123)`. Undefined when it cannot be found out, as for
 *  another user's program on Linux. */
export async function portOwner(port: number, protocol: "tcp" | "udp" = "tcp"): Promise<string | undefined> {
  const inodes = await listeningInodes(port, protocol);
  return inodes === undefined ? ownerFromLsof(port, protocol) : ownerOfSocket(inodes);
}

/** From /proc/net; undefined where there is no /proc. */
async function listeningInodes(port: number, protocol: "tcp" | "udp"): Promise<Set<string> | undefined> {
  const tables = await Promise.all(
    [`/proc/net/${protocol}`, `/proc/net/${protocol}6`].map((file) => readFile(file, "latin1").catch(() => "")),
  );
  if (tables.every((table) => table === "")) return undefined;
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const rows = tables.flatMap((table) => table.split("\n")).map((line) => line.trim().split(/\s+/));
  return new Set(
    rows
      .filter((row) => row[1]?.endsWith(wanted) === true && row[3] === listening[protocol])
      .map((row) => `socket:[${row[9]}]`),
  );
}

async function ownerOfSocket(sockets: Set<string>): Promise<string | undefined> {
  if (sockets.size === 0) return undefined;
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const file of files) {
      const link = await readlink(`/proc/${pid}/fd/${file}`).catch(() => "");
      if (sockets.has(link))
        return `${(await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "a program")).trim()} (pid ${pid})`;
    }
  }
  return undefined;
}

async function ownerFromLsof(port: number, protocol: "tcp" | "udp"): Promise<string | undefined> {
  const only = protocol === "tcp" ? [`-iTCP:${port}`, "-sTCP:LISTEN"] : [`-iUDP:${port}`];
  const { stdout } = await promisify(execFile)("lsof", ["-nP", ...only, "-Fpc"], {
    timeout: 2000,
  }).catch(() => ({
    stdout: "",
  }));
  const pid = /^p(\d+)$/m.exec(stdout)?.[1];
  const name = /^c(.+)$/m.exec(stdout)?.[1];
  return pid === undefined ? undefined : `${name ?? "a program"} (pid ${pid})`;
}
