import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";

/** A line as it is kept: one JSON array a line, `[at, stream, message]`. */
export type StoredLine = [at: number, stream: "stdout" | "stderr", message: string];

const chunkSize = 2 ** 16;
const lineEnd = 0x0a;

/** The whole lines from a byte offset on, oldest first, each with the offset behind it. Reads no more than it must.
 *  @param size how much of the file counts */
export async function* linesFrom(
  file: string,
  offset: number,
  size = Number.POSITIVE_INFINITY,
): AsyncGenerator<{ line: StoredLine | undefined; next: number }, void, void> {
  let next = offset;
  let begun: Buffer[] = [];
  if (offset >= size) return;
  try {
    for await (const chunk of createReadStream(file, { start: offset, end: size - 1, highWaterMark: chunkSize })) {
      const bytes = chunk as Buffer;
      let from = 0;
      for (let end = bytes.indexOf(lineEnd); end !== -1; end = bytes.indexOf(lineEnd, from)) {
        const whole = Buffer.concat([...begun, bytes.subarray(from, end)]);
        begun = [];
        from = end + 1;
        next += whole.length + 1;
        yield { line: parseLine(whole), next };
      }
      if (from < bytes.length) begun.push(bytes.subarray(from));
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** The whole lines from the file's end back to its beginning, newest first, each with its own offset and that
 *  behind it.
 *  @param size how much of the file counts */
export async function* linesBackwards(
  file: string,
  size = Number.POSITIVE_INFINITY,
): AsyncGenerator<{ line: StoredLine | undefined; offset: number; next: number }, void, void> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return;
  try {
    let start = Math.min((await handle.stat()).size, size);
    // Bytes from `start` on that belong to a line whose beginning has not been read yet.
    let rest: Buffer = Buffer.alloc(0);
    let isTail = true;
    while (start > 0) {
      const length = Math.min(chunkSize, start);
      start -= length;
      const chunk = Buffer.alloc(length);
      await handle.read(chunk, 0, length, start);
      rest = Buffer.concat([chunk, rest]);
      for (let end = rest.lastIndexOf(lineEnd); end !== -1; end = rest.lastIndexOf(lineEnd)) {
        const line = rest.subarray(end + 1);
        rest = rest.subarray(0, end);
        const offset = start + end + 1;
        if (!isTail) yield { line: parseLine(line), offset, next: offset + line.length + 1 };
        isTail = false;
      }
    }
    if (!isTail) yield { line: parseLine(rest), offset: 0, next: rest.length + 1 };
  } finally {
    await handle.close();
  }
}

/** Undefined for a line that was cut short. */
function parseLine(bytes: Buffer): StoredLine | undefined {
  try {
    const parsed: unknown = JSON.parse(bytes.toString("utf8"));
    return Array.isArray(parsed) && typeof parsed[0] === "number" ? (parsed as StoredLine) : undefined;
  } catch {
    return undefined;
  }
}
