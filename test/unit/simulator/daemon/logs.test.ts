import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { linesBackwards, linesFrom } from "../../../../src/simulator/daemon/log-file.ts";
import { LogReader, type Range } from "../../../../src/simulator/daemon/log-reader.ts";
import { LogStore } from "../../../../src/simulator/daemon/log-store.ts";

const serviceId = "shop/local/api";
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pf-logs-"));
  mkdirSync(join(folder, serviceId), { recursive: true });
  file = join(folder, serviceId, "a1.api.1.log");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("what containers print", () => {
  test("is kept with the place of each line, and comes in the order of time", async () => {
    const store = storeWith("a1 1.5 one", "b2 2 two", "a1 2.25 three");
    expect(await read(store, {})).toEqual(["a1 1.5 one", "b2 2 two", "a1 2.25 three"]);
    expect([store.position(serviceId, "a1", "api"), new LogStore(folder).position(serviceId, "a1", "api")]).toEqual([
      2.25, 2.25,
    ]);
    expect(store.position(serviceId, "c3", "api")).toBeUndefined();
  });

  test.each<[string, Range, string[]]>([
    ["since", { since: 3 }, ["b2 3 c", "a1 4 d"]],
    ["until", { until: 2 }, ["a1 1 a", "b2 2 b"]],
    ["limit", { limit: 3 }, ["b2 2 b", "b2 3 c", "a1 4 d"]],
    ["limit 0", { limit: 0 }, []],
    ["limit and since", { limit: 3, since: 3 }, ["b2 3 c", "a1 4 d"]],
    ["limit and until", { limit: 1, until: 3 }, ["b2 3 c"]],
    ["text", { matches: (text) => "ac".includes(text) }, ["a1 1 a", "b2 3 c"]],
    ["text that is nowhere", { matches: () => false }, []],
    [
      "limit and text: the newest of those that match",
      { limit: 2, matches: (text) => text !== "c" },
      ["b2 2 b", "a1 4 d"],
    ],
    ["after, container by container", { after: { "a1/api": 1, "b2/api": 3 } }, ["a1 4 d"]],
  ])("is chosen by %s", async (_name, range, expected) => {
    expect(await read(storeWith("a1 1 a", "b2 2 b", "b2 3 c", "a1 4 d"), range)).toEqual(expected);
  });

  test("is read on from where the reader was, also of containers that are new", async () => {
    const store = storeWith("a1 1 a", "a1 2 b");
    const reader = new LogReader({ limit: 1 });
    await reader.seek(store.containers(serviceId));
    const more = async () => {
      const seen: string[] = [];
      for await (const { line } of reader.read(store.containers(serviceId))) seen.push(line[2]);
      return seen;
    };
    expect(await more()).toEqual(["b"]);
    expect(await more()).toEqual([]);
    add(store, "b2 3 c");
    add(store, "a1 4 d");
    expect(await more()).toEqual(["c", "d"]);
  });

  test("is cut short by a crash in one line alone, which is left out", async () => {
    writeFileSync(file, '[1,"stdout","whole"]\n[2,"stdo');
    expect(new LogStore(folder).position(serviceId, "a1", "api")).toBe(1);
    const store = storeWith("a1 3 next");
    expect(await read(store, {})).toEqual(["a1 1 whole", "a1 3 next"]);
    expect(await store.tail(serviceId, "a1", "api", 5)).toEqual(["whole", "next"]);
  });

  test("is told by its newest lines, however long the others are", async () => {
    const store = storeWith(`a1 1 ${"ä".repeat(200_000)}`, "a1 2 b", `a1 3 ${"c".repeat(70_000)}`, "a1 4 d");
    expect((await store.tail(serviceId, "a1", "api", 3)).map((line) => line.slice(0, 3))).toEqual(["b", "ccc", "d"]);
    expect((await store.tail(serviceId, "a1", "api", 9)).map((line) => line.length)).toEqual([200_000, 1, 70_000, 1]);
    expect(await store.tail(serviceId, "nobody", "api", 3)).toEqual([]);
  });

  test("of 50 MB is read in little memory, and no more of it than is wanted", async () => {
    const line = `"stdout","${"x".repeat(1000)}"]\n`;
    for (let block = 0; block < 50; block++)
      appendFileSync(file, Array.from({ length: 1000 }, (_, at) => `[${block * 1000 + at},${line}`).join(""));
    const store = new LogStore(folder);
    const logs = store.containers(serviceId);
    const before = process.memoryUsage().rss;
    let most = 0;
    let count = 0;
    for await (const _ of new LogReader({}).read(logs)) {
      count += 1;
      if (count % 1000 === 0) most = Math.max(most, process.memoryUsage().rss - before);
    }
    expect(count).toBe(50_000);
    expect(most).toBeLessThan(100 * 2 ** 20);
    const started = performance.now();
    expect(await read(store, { limit: 2 })).toHaveLength(2);
    expect(await read(store, { since: 49_998 })).toHaveLength(2);
    expect(performance.now() - started).toBeLessThan(200);
  });

  test("goes with its service, and with nothing else", async () => {
    const store = storeWith("a1 1 a", "b2 2 b");
    add(store, "c3 3 c", "shop/local/web");
    store.retain({ "shop/local/web": 30 });
    expect(readdirSync(join(folder, "shop/local"))).toEqual(["web"]);
    expect([store.containers(serviceId), store.position(serviceId, "a1", "api")]).toEqual([[], undefined]);
    store.retain({});
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is nothing where there is no file", async () => {
    const seen: unknown[] = [];
    for await (const line of linesFrom(join(folder, "none"), 0)) seen.push(line);
    for await (const line of linesBackwards(join(folder, "none"))) seen.push(line);
    expect(seen).toEqual([]);
  });
});

function storeWith(...lines: string[]): LogStore {
  const store = new LogStore(folder);
  for (const line of lines) add(store, line);
  return store;
}

/** `task at message` */
function add(store: LogStore, line: string, service = serviceId): void {
  const [task = "", at, message = ""] = line.split(" ");
  store.add({ serviceId: service, task, container: "api", stream: "stdout", at: Number(at), message });
}

async function read(store: LogStore, range: Range): Promise<string[]> {
  const logs = store.containers(serviceId);
  const reader = new LogReader(range);
  await reader.seek(logs);
  const seen: string[] = [];
  for await (const { log, line } of reader.read(logs)) seen.push(`${log.task} ${line[0]} ${line[2]}`);
  return seen;
}
