import { spawnSync } from "node:child_process";
import { closeSync, openSync, readSync } from "node:fs";

/** Debian's busybox-static, or another busybox that is a static program for this machine and has a web server. */
export function findStaticBusybox(): string | undefined {
  return ["/bin/busybox", "/usr/bin/busybox"].find((file) => isStaticElf(file) && hasWebServer(file));
}

/** The loader that a program asks for (PT_INTERP); `static` without one; undefined when it is no 64-bit ELF program. */
export function loaderOf(file: string): string | undefined {
  const head = readHead(file);
  if (head === undefined || head.readUInt32BE(0) !== elfMagic || head[4] !== 2 || head[5] !== 1) return undefined;
  const table = Number(head.readBigUInt64LE(32));
  const entrySize = head.readUInt16LE(54);
  const entries = head.readUInt16LE(56);
  for (let index = 0; index < entries; index++) {
    const at = table + index * entrySize;
    if (head.readUInt32LE(at) !== programInterpreter) continue;
    const offset = Number(head.readBigUInt64LE(at + 8));
    const size = Number(head.readBigUInt64LE(at + 32));
    return head.toString("latin1", offset, offset + size - 1);
  }
  return "static";
}

const elfMagic = 0x7f454c46;
const programInterpreter = 3;

function isStaticElf(file: string): boolean {
  return loaderOf(file) === "static";
}

function hasWebServer(file: string): boolean {
  const { stdout } = spawnSync(file, ["--list"], { encoding: "utf8", timeout: 5_000 });
  return stdout?.split("\n").includes("httpd") ?? false;
}

/** The first 64 KiB, where the program headers and the loader's name lie. */
function readHead(file: string): Buffer | undefined {
  try {
    const handle = openSync(file, "r");
    try {
      const head = Buffer.alloc(65_536);
      return head.subarray(0, readSync(handle, head, 0, head.length, 0));
    } finally {
      closeSync(handle);
    }
  } catch {
    return undefined;
  }
}
