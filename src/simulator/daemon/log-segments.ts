import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import type { LogSegment } from "./kept-log.ts";

/** `<task>.<container>.<sequence>.log` */
export function segmentFile(folder: string, task: string, container: string, sequence: number): string {
  return join(folder, `${task}.${container}.${sequence}.log`);
}

/** The segments that lie in a folder, in no order. */
export function readSegments(folder: string): (LogSegment & { task: string; container: string })[] {
  return namesIn(folder).flatMap((name) => {
    const [, task, container, sequence = "0"] = /^([0-9a-f]+)\.([^.]+)(?:\.(\d+))?\.log$/.exec(name) ?? [];
    const file = join(folder, name);
    const found = statSync(file, { throwIfNoEntry: false });
    if (task === undefined || container === undefined || found === undefined) return [];
    const from = beginning(file) ?? found.mtimeMs;
    return [{ task, container, sequence: Number(sequence), file, bytes: found.size, from, writtenAt: found.mtimeMs }];
  });
}

/** The `at` of the last whole line. Looks at the end of a file, and further back only when a line is that long. */
export function lastPosition(file: string): number | undefined {
  return reading(file, (descriptor) => {
    const { size } = statSync(file);
    for (let length = Math.min(size, 2 ** 16); ; length = Math.min(size, length * 4)) {
      const end = Buffer.alloc(length);
      readSync(descriptor, end, 0, length, size - length);
      const lines = end.toString("utf8").split("\n");
      const whole = length === size ? lines : lines.slice(1);
      for (const line of whole.toReversed()) {
        const at = /^\[([\d.]+),"std(?:out|err)",".*"\]$/.exec(line)?.[1];
        if (at !== undefined) return Number(at);
      }
      if (length === size) return undefined;
    }
  });
}

/** The `at` of the first line. */
function beginning(file: string): number | undefined {
  return reading(file, (descriptor) => {
    const begin = Buffer.alloc(40);
    const length = readSync(descriptor, begin, 0, begin.length, 0);
    const at = /^\[([\d.]+),/.exec(begin.toString("latin1", 0, length))?.[1];
    return at === undefined ? undefined : Number(at);
  });
}

function reading<T>(file: string, read: (descriptor: number) => T): T | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch {
    return undefined;
  }
  try {
    return read(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
