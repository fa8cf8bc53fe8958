import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { atMost, type Row } from "./row.ts";

/** Resident memory of the daemon while it has nothing to do. */
export function benchMemory(pid: number): Row {
  return atMost(120, { name: "memory of the idle daemon", value: residentKilobytes(pid) / 1024, unit: "MB" });
}

function residentKilobytes(pid: number): number {
  const status = `/proc/${pid}/status`;
  if (existsSync(status)) return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(status, "utf8"))?.[1]);
  return Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" }));
}
