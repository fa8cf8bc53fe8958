import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { UserError } from "../../../../src/errors.ts";
import { Store } from "../../../../src/simulator/daemon/store.ts";
import type { Service, SimulatorState, Task } from "../../../../src/simulator/engine/state.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pf-store-"));
  file = join(folder, "state.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const service = (desiredCount: number) => ({ id: "shop/local/api", desiredCount }) as Service;
const task = (id: string) => ({ id, serviceId: "shop/local/api" }) as Task;
const state = (services: Service[], tasks: Task[]): SimulatorState => ({
  speed: 1,
  services: Object.fromEntries(services.map((one) => [one.id, one])),
  tasks: Object.fromEntries(tasks.map((one) => [one.id, one])),
});

describe("the simulator's memory", () => {
  test("gives back what was committed, with the effects that are not done", async () => {
    const first = new Store(file);
    const before = state([], []);
    const after = state([service(2)], [task("a"), task("b")]);
    first.commit(before, after, [
      { type: "prepare-task", task: "a" },
      { type: "prepare-task", task: "b" },
    ]);
    const later = state([service(1)], [task("a")]);
    first.commit(after, later, [], { type: "prepare-task", task: "b" });
    await release(first);

    const second = new Store(file);
    expect(second.load()).toEqual({
      services: { "shop/local/api": { id: "shop/local/api", desiredCount: 1 } },
      tasks: { a: { id: "a", serviceId: "shop/local/api" } },
      journal: [{ type: "prepare-task", task: "a" }],
    });
    second.close();
  });

  test("writes a step whole or not at all", () => {
    const store = new Store(file);
    const before = state([], []);
    const unwritable = { ...task("a"), self: undefined as unknown };
    unwritable.self = unwritable;
    expect(() => store.commit(before, state([service(1)], [unwritable]), [])).toThrow(/circular/i);
    expect(store.load()).toEqual({ services: {}, tasks: {}, journal: [] });
    store.commit(before, state([service(1)], []), []);
    expect(Object.keys(store.load().services)).toEqual(["shop/local/api"]);
    store.close();
  });

  test("belongs to one process: a second one is told so, and finds it free when the first has gone", async () => {
    const first = new Store(file);
    expect(codeOf(() => new Store(file))).toBe("simulator/busy");
    await release(first);
    new Store(file).close();
  });

  test("writes the steps that matter on a disk that has become full, and says so when there is no room at all", (context) => {
    const small = smallDisk();
    if (small === undefined)
      return context.skip("a full disk is made with `mount -t tmpfs`, which needs Linux and root");
    const store = new Store(join(small, "state.db"));
    onTestFinished(() => store.close());
    fill(small);
    let last = state([], []);
    const commit = (count: number, padding: number) => {
      const next = state([{ ...service(count), name: "x".repeat(padding) } as Service], []);
      store.commit(last, next, [{ type: "prepare-task", task: `${count}` }]);
      last = next;
    };
    for (let count = 1; count <= 200; count++) commit(count, 20_000);
    expect(codeOf(() => commit(201, 4_000_000))).toBe("simulator/disk-full");
    expect(store.load().services["shop/local/api"]?.desiredCount).toBe(200);
    expect(store.load().journal).toHaveLength(200);
    store.set("speed", undefined);
    rmSync(join(small, "filler"));
    commit(202, 4_000_000);
    expect(store.load().journal).toHaveLength(201);
  });

  test("can be read by its owner alone", () => {
    new Store(file).close();
    expect((statSync(file).mode & 0o777).toString(8)).toBe("600");
  });

  test("that a newer version wrote is left alone", async () => {
    const store = new Store(file);
    store.set("schema", "99");
    await release(store);
    expect(codeOf(() => new Store(file))).toBe("simulator/home");
  });
});

/** A disk of 6 MB; undefined where this user may mount none. */
function smallDisk(): string | undefined {
  const mounted = mkdtempSync(join(tmpdir(), "pf-small-"));
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=6m", "pilotfish-test", mounted]);
  onTestFinished(() => {
    if (status === 0) spawnSync("umount", ["--lazy", mounted]);
    rmSync(mounted, { recursive: true, force: true });
  });
  return status === 0 ? mounted : undefined;
}

function fill(disk: string): void {
  for (let size = 2 ** 20; size >= 1; size = Math.floor(size / 2))
    try {
      for (;;) appendFileSync(join(disk, "filler"), Buffer.alloc(size));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    }
}

/** As the end of a process does: the library keeps a file locked until its statements have been collected. */
async function release(store: Store): Promise<void> {
  store.close();
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let turn = 0; turn < 5; turn++) {
    collect();
    await setImmediate();
  }
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error.code;
    throw error;
  }
  return "no error";
}
