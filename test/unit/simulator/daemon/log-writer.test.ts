import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LogLimits } from "../../../../src/simulator/daemon/kept-log.ts";
import { LogReader } from "../../../../src/simulator/daemon/log-reader.ts";
import { LogWriter } from "../../../../src/simulator/daemon/log-writer.ts";

const serviceId = "shop/local/api";
const day = 86_400_000;
let root: string;
let folder: string;
let now: number;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "pf-logs-"));
  folder = join(root, serviceId);
  now = 1000;
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("what is kept of logs", () => {
  test("is no more than a service's part: the oldest go first, those of tasks that have stopped among them", () => {
    const writer = writerWith({ bytes: 1_000_000, files: 100 });
    for (let at = 0; at < 40_000; at++) {
      add(writer, at < 10_000 ? "a0" : at % 2 === 0 ? "b1" : "b2", at, "x".repeat(50));
      now += 1;
      if (at % 100 === 0) expect(bytesKept()).toBeLessThanOrEqual(1_000_000);
    }
    const logs = writer.list(serviceId);
    expect([logs.map(({ task }) => task), bytesKept() > 800_000]).toEqual([["b1", "b2"], true]);
    const [first, second] = logs.map(({ segments }) => Number(segments[0]?.from));
    expect(Math.abs(Number(first) - Number(second))).toBeLessThan(2500);
  });

  test("is no more than so many files, when many tasks have left a line each", () => {
    const writer = writerWith({ files: 10 });
    for (let at = 0; at < 50; at++, now++) {
      add(writer, `${at}a`, at, "started");
      writer.flush();
    }
    expect(writer.list(serviceId).map(({ task }) => task)).toEqual([
      "40a",
      "41a",
      "42a",
      "43a",
      "44a",
      "45a",
      "46a",
      "47a",
      "48a",
      "49a",
    ]);
  });

  test("is as old as the service says at most, to a day", async () => {
    const writer = writerWith({});
    for (let at = 0; at < 10; at++, now += day / 2) {
      add(writer, "a1", at, `line ${at}`);
      writer.flush();
    }
    writer.retain({ [serviceId]: 2 });
    expect(await read(writer)).toEqual(["line 6", "line 7", "line 8", "line 9"]);
    now += 100 * day;
    writer.retain({ [serviceId]: 2 });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is counted again by the next process, which writes on in files of its own", async () => {
    const before = writerWith({ bytes: 1_000_000 });
    for (let at = 0; at < 10_000; at++, now++) add(before, "a1", at, "x".repeat(60));
    before.flush();
    const after = writerWith({ bytes: 1_000_000 });
    expect(after.position(serviceId, "a1", "api")).toBe(9999);
    for (let at = 10_000; at < 20_000; at++, now++) add(after, "a1", at, "x".repeat(60));
    after.flush();
    expect(bytesKept()).toBeLessThanOrEqual(1_000_000);
    expect((await read(after)).length).toBeGreaterThan(9000);
  });

  test("lacks what did not fit on the disk, and says so where it is missing", async () => {
    const writer = writerWith({});
    add(writer, "a1", 1, "one");
    writer.flush();
    now += 2 * day;
    mkdirSync(folder, { recursive: true });
    for (const sequence of [now, now + 1]) symlinkSync("/dev/full", join(folder, `a1.api.${sequence}.log`));
    add(writer, "a1", 2, "two");
    add(writer, "a1", 3, "three");
    writer.flush();
    add(writer, "a1", 4, "four");
    writer.flush();
    add(writer, "a1", 5, "five");
    writer.flush();
    expect(await read(writer)).toEqual(["one", "pilotfish: 3 lines are missing here, the disk was full", "five"]);
  });

  test("is written in the end, however long the lines are, and whatever they hold", async () => {
    const writer = writerWith({});
    const lines = ["", "\u0000\u001b[31mred", "ü".repeat(300_000), '"]\n', "\ud800", "end"];
    lines.forEach((line, at) => add(writer, "a1", at + 1, line));
    expect(await read(writer)).toEqual(lines);
    expect(statSync(join(folder, readdirSync(folder)[0] ?? "")).mode & 0o777).toBe(0o600);
  });

  test("is followed without a line lost or doubled while segments come and go", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ lines: fc.integer({ min: 0, max: 400 }), restart: fc.boolean() }), { maxLength: 12 }),
        async (rounds) => {
          rmSync(root, { recursive: true, force: true });
          let writer = writerWith({ segmentBytes: 2 ** 16 });
          const follower = new LogReader({});
          const seen: number[] = [];
          let at = 0;
          for (const { lines, restart } of rounds) {
            for (let count = 0; count < lines; count++) {
              at += 1;
              now += 1;
              add(writer, at % 3 === 0 ? "a1" : "b2", at, "x".repeat(400));
            }
            if (restart) {
              writer.flush();
              writer = writerWith({ segmentBytes: 2 ** 16 });
            }
            for await (const { line } of follower.read(writer.list(serviceId))) seen.push(line[0]);
          }
          expect(seen).toEqual(Array.from({ length: at }, (_, index) => index + 1));
        },
      ),
      { numRuns: 25 },
    );
  });

  test("is read from what is left when the reader's place has gone", async () => {
    const writer = writerWith({ bytes: 1_000_000 });
    const follower = new LogReader({});
    add(writer, "a1", 0.5, "first");
    const seen: number[] = [];
    for await (const { line } of follower.read(writer.list(serviceId))) seen.push(line[0]);
    for (let at = 1; at <= 20_000; at++, now++) add(writer, "a1", at, "x".repeat(100));
    for await (const { line } of follower.read(writer.list(serviceId))) seen.push(line[0]);
    const oldest = seen[1] ?? 0;
    expect(oldest).toBeGreaterThan(10_000);
    expect(seen).toEqual([0.5, ...Array.from({ length: 20_000 - oldest + 1 }, (_, index) => oldest + index)]);
  });
});

function writerWith(limits: Partial<LogLimits>): LogWriter {
  const all = { bytes: 200e6, files: 4000, segmentBytes: 2 ** 23, ...limits };
  return new LogWriter({ folder: root, written: () => undefined, limits: all, now: () => now });
}

function add(writer: LogWriter, task: string, at: number, message: string): void {
  writer.add({ serviceId, task, container: "api", stream: "stdout", at, message });
}

async function read(writer: LogWriter): Promise<string[]> {
  const seen: string[] = [];
  for await (const { line } of new LogReader({}).read(writer.list(serviceId))) seen.push(line[2]);
  return seen;
}

function bytesKept(): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder).reduce((sum, name) => sum + readFileSync(join(folder, name)).length, 0);
}
