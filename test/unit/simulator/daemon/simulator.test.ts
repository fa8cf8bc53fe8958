import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { UserError } from "../../../../src/errors.ts";
import { Simulator, SimulatorClosed } from "../../../../src/simulator/daemon/simulator.ts";
import type { Effect } from "../../../../src/simulator/engine/effects.ts";
import { emptyState } from "../../../../src/simulator/engine/engine.ts";
import type { Input } from "../../../../src/simulator/engine/inputs.ts";
import { deployInput } from "./deploy-input.ts";

const prepared = (task: string): Input => ({ type: "task-prepared", task, ports: { 80: 4000 }, images: {} });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("the engine with its memory", () => {
  test("commits a step with its effects before any of them is run", () => {
    const { simulator, told } = subject();
    simulator.apply(deployInput("api"));
    expect(told).toEqual(["commit 1 effects", "run prepare-task", "changed"]);
  });

  test("refuses a request that cannot be written, and is then as it was", () => {
    const { simulator, store, told } = subject();
    store.full = true;
    expect(() => simulator.apply(deployInput("api"))).toThrow("the disk is full");
    expect(simulator.state.services).toEqual({});
    store.full = false;
    simulator.apply(deployInput("api"));
    expect(told.filter((what) => what.startsWith("run"))).toEqual(["run prepare-task"]);
  });

  test("keeps what the world reports while it cannot be written, in the order of coming", async () => {
    const { simulator, store } = subject();
    simulator.apply(deployInput("api"));
    const [task = ""] = Object.keys(simulator.state.tasks);
    store.full = true;
    simulator.report(prepared(task), { type: "prepare-task", task });
    simulator.report({ type: "container-started", task, container: "api", attempt: 1, runtimeId: "c1", at: 1 });
    expect(simulator.problem?.message).toBe("the disk is full");
    expect(() => simulator.apply({ type: "delete-service", serviceId: "shop/local/api" })).toThrow("the disk is full");
    store.full = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(simulator.problem).toBeUndefined();
    expect(simulator.state.tasks[task]).toMatchObject({ lastStatus: "RUNNING", containers: [{ runtimeId: "c1" }] });
    expect(store.done).toEqual([{ type: "prepare-task", task }]);
  });

  test("leaves out a report that the engine stumbles over, and goes on with the next", async () => {
    const { simulator } = subject();
    simulator.apply(deployInput("api"));
    const [task = ""] = Object.keys(simulator.state.tasks);
    simulator.report({
      type: "task-prepared",
      task,
      ports: {},
      images: undefined as unknown as Record<string, string>,
    });
    simulator.report(prepared(task));
    await vi.advanceTimersByTimeAsync(0);
    expect(simulator.state.tasks[task]?.prepared).toBe(true);
  });

  test("a watcher that fails harms neither the step nor the others", () => {
    const { simulator, told } = subject();
    simulator.onChange(() => {
      throw new Error("a bug");
    });
    simulator.onChange(() => told.push("changed, second"));
    simulator.apply(deployInput("api"));
    expect(told.slice(-2)).toEqual(["changed", "changed, second"]);
  });

  test("that is closed takes no request in silence, and no report at all", () => {
    const { simulator } = subject();
    simulator.close();
    expect(() => simulator.apply(deployInput("api"))).toThrow(SimulatorClosed);
    simulator.report({ type: "tick" });
    expect(simulator.state.services).toEqual({});
  });
});

function subject() {
  const told: string[] = [];
  const store = {
    full: false,
    done: [] as Effect[],
    commit(_before: unknown, _after: unknown, effects: readonly Effect[], done?: Effect) {
      if (store.full) throw new UserError("simulator/disk-full", "the disk is full");
      if (done !== undefined) store.done.push(done);
      told.push(`commit ${effects.length} effects`);
    },
  };
  let seed = 1;
  const simulator = new Simulator(emptyState(1), {
    store,
    now: () => Date.now(),
    random: () => ((seed = (seed * 48_271) % 2_147_483_647), seed / 2_147_483_647),
    run: ({ type }) => told.push(`run ${type}`),
  });
  simulator.onChange(() => told.push("changed"));
  return { simulator, store, told };
}
