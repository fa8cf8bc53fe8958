import fc from "fast-check";
import { expect, test } from "vitest";
import { frames } from "../../../../src/simulator/runtime/docker/frames.ts";
import { logLines, milliseconds } from "../../../../src/simulator/runtime/docker/log-lines.ts";
import type { LogLine } from "../../../../src/simulator/runtime/docker/log-lines.ts";

const second = "2026-01-02T03:04:05";

function frame(stream: "stdout" | "stderr", payload: string): Buffer {
  const body = Buffer.from(payload);
  const header = Buffer.alloc(8);
  header[0] = stream === "stdout" ? 1 : 2;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

/** The bytes in chunks of these sizes, used in turn. */
async function* chunked(bytes: Buffer, sizes: number[]): AsyncGenerator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function read(parts: Buffer[], sizes = [65_536]): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  for await (const line of logLines(frames(chunked(Buffer.concat(parts), sizes)))) lines.push(line);
  return lines;
}

const texts = (lines: LogLine[]) => lines.map(({ stream, message }) => `${stream}: ${message}`);

test("frames become lines, each with its stream and its instant", async () => {
  const lines = await read([
    frame("stdout", `${second}.000000001Z one\n`),
    frame("stderr", `${second}.100000000Z two\r\n`),
    frame("stdout", `${second}.200000000Z \n`),
  ]);
  expect(lines.map(({ at, stream, message }) => [at - Date.parse(`${second}Z`), stream, message])).toEqual([
    [0, "stdout", "one"],
    [100, "stderr", "two"],
    [200, "stdout", ""],
  ]);
});

test("the pieces of a long line are put together, also with lines of the other stream between them", async () => {
  const lines = await read([
    frame("stdout", `${second}.1Z ${"a".repeat(16_384)}`),
    frame("stderr", `${second}.2Z between\n`),
    frame("stdout", `${second}.1Z ${"b".repeat(10)}\n`),
  ]);
  expect(texts(lines)).toEqual(["stderr: between", `stdout: ${"a".repeat(16_384)}${"b".repeat(10)}`]);
});

test("a line without an end is cut at 256 KiB", async () => {
  const piece = frame("stdout", `${second}.1Z ${"x".repeat(16_384)}`);
  const lines = await read([...Array.from({ length: 20 }, () => piece), frame("stdout", `${second}.1Z end\n`)]);
  expect(lines.map(({ message }) => message.length)).toEqual([262_144, 4 * 16_384 + 3]);
});

test("a piece at the end of the log is a line", async () => {
  expect(texts(await read([frame("stdout", `${second}.1Z no end`)]))).toEqual(["stdout: no end"]);
});

test("lines of the same moment, or out of order, get instants that rise", async () => {
  const same = Array.from({ length: 50 }, (_, index) => frame("stdout", `${second}.5Z ${index}\n`));
  const lines = await read([...same, frame("stdout", `${second}.4Z late\n`)]);
  const instants = lines.map(({ at }) => at);
  expect(instants).toEqual([...new Set(instants)].toSorted((a, b) => a - b));
  expect(instants.at(-1)! - instants[0]!).toBeLessThan(0.1);
});

test("however the bytes arrive, the lines are the same", async () => {
  const line = fc.record({ stream: fc.constantFrom("stdout" as const, "stderr" as const), message: fc.string() });
  await fc.assert(
    fc.asyncProperty(
      fc.array(line),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      async (written, sizes) => {
        const clean = written.map(({ stream, message }) => ({ stream, message: message.replaceAll(/[\r\n]/g, "") }));
        const parts = clean.map(({ stream, message }) => frame(stream, `${second}.1Z ${message}\n`));
        expect(texts(await read(parts, sizes))).toEqual(texts(clean as LogLine[]));
      },
    ),
  );
});

test("instants keep what a number can hold of the nanoseconds", () => {
  expect(milliseconds("1970-01-01T00:00:01.123456789Z")).toBe(1123.456789);
  expect(milliseconds("1970-01-01T01:00:01+01:00")).toBe(1000);
  const [one, next] = [milliseconds(`${second}.123456000Z`), milliseconds(`${second}.123457000Z`)];
  expect(next).toBeGreaterThan(one);
});
