import type { Frame } from "./frames.ts";

export interface LogLine {
  stream: "stdout" | "stderr";
  /** Milliseconds since the epoch, with a fraction; each line's is greater than that of the line before it. */
  at: number;
  message: string;
}

/** A line that is longer comes in several pieces. CloudWatch Logs cuts events at about this size, too. */
const longestLine = 256 * 1024;

/** Makes lines out of log frames that were read with `timestamps=1`. The Engine writes one frame for each line, and for a
 *  line over 16 KiB several, of which only the last ends with a line feed.
 *
 *  Reading the same log again gives the same `at` to the same lines, so "read on after `at`" neither loses nor doubles one. */
export async function* logLines(source: AsyncIterable<Frame>): AsyncGenerator<LogLine, void, void> {
  const open: Partial<Record<Frame["stream"], { at: number; parts: Buffer[]; size: number }>> = {};
  let last = 0;
  const close = (stream: Frame["stream"]): LogLine | undefined => {
    const line = open[stream];
    if (line === undefined) return undefined;
    delete open[stream];
    last = line.at > last ? line.at : nextAfter(last);
    return { stream, at: last, message: withoutLineEnd(Buffer.concat(line.parts)) };
  };
  for await (const { stream, payload } of source) {
    const space = payload.indexOf(32);
    const text = payload.subarray(space + 1);
    const line = (open[stream] ??= {
      at: milliseconds(payload.subarray(0, space).toString("latin1")),
      parts: [],
      size: 0,
    });
    line.parts.push(text);
    line.size += text.length;
    if (text.at(-1) === 10 || line.size >= longestLine) yield close(stream)!;
  }
  for (const stream of ["stdout", "stderr"] as const) {
    const rest = close(stream);
    if (rest) yield rest;
  }
}

/** `2026-01-02T03:04:05.123456789Z` in milliseconds since the epoch, as exactly as a number can hold it (about 0.25 µs). */
export function milliseconds(timestamp: string): number {
  const match = /^(.*?)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(timestamp);
  if (!match) return Number.NaN;
  const [, seconds, fraction = "", zone] = match;
  return Date.parse(`${seconds}${zone}`) + Number(fraction.padEnd(9, "0").slice(0, 9)) / 1e6;
}

function nextAfter(value: number): number {
  return value + 2 ** (Math.floor(Math.log2(value)) - 52);
}

function withoutLineEnd(line: Buffer): string {
  const end = line.at(-1) === 10 ? (line.at(-2) === 13 ? -2 : -1) : line.length;
  return line.subarray(0, end).toString("utf8");
}
