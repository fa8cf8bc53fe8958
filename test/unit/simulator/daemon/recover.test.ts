import { expect, test } from "vitest";
import { recover } from "../../../../src/simulator/daemon/recover.ts";
import type { SimulatorState, Task, TaskContainer } from "../../../../src/simulator/engine/state.ts";
import type { RuntimeContainer } from "../../../../src/simulator/runtime/runtime.ts";

const now = 1_000_000;
const unseen = { type: "container-stopped", task: "t1", container: "api", attempt: 1, at: now };

test("a container that ended while nobody looked is reported with its exit code", () => {
  const found = [
    pause("t1"),
    container("t1", { state: "exited", exitCode: 137, outOfMemory: true, finishedAt: 900_000 }),
  ];
  expect(recover(stateOf(running("t1")), [], found, now)).toEqual({
    inputs: [
      {
        type: "container-exited",
        task: "t1",
        container: "api",
        attempt: 1,
        exitCode: 137,
        outOfMemory: true,
        at: 900_000,
      },
    ],
    orphans: [],
  });
});

test("a task whose network is gone is lost", () => {
  expect(recover(stateOf(running("t1")), [], [container("t1", {})], now).inputs).toEqual([
    { type: "task-lost", task: "t1" },
  ]);
  expect(recover(stateOf(running("t1")), [], [], now).inputs).toEqual([{ type: "task-lost", task: "t1" }, unseen]);
});

test("a task whose container was removed by somebody is lost", () => {
  expect(recover(stateOf(running("t1")), [], [pause("t1")], now).inputs).toEqual([
    { type: "task-lost", task: "t1" },
    unseen,
  ]);
});

test("a task that the daemon has ended itself has not failed", () => {
  expect(recover(stateOf(running("t1")), [], [], now, true).inputs).toEqual([
    { type: "stop-task", task: "t1", reason: "The simulator was stopped" },
    { type: "task-lost", task: "t1" },
    unseen,
  ]);
});

test("what the journal will do anyway is not reported", () => {
  const preparing = { ...running("t1"), lastStatus: "PENDING", ports: {} } as Task;
  expect(recover(stateOf(preparing), [{ type: "prepare-task", task: "t1" }], [], now)).toEqual({
    inputs: [],
    orphans: [],
  });
  const removing = { ...running("t2"), lastStatus: "DEPROVISIONING" } as Task;
  expect(recover(stateOf(removing), [{ type: "remove-task", task: "t2" }], [], now)).toEqual({
    inputs: [],
    orphans: [],
  });
});

test("containers of tasks that nobody knows, or that have been removed, are orphans", () => {
  const gone = { ...running("t2"), lastStatus: "STOPPED", removed: true } as Task;
  const found = [pause("t1"), container("t1", {}), pause("t2"), pause("t3"), container("t3", {})];
  expect(recover(stateOf(running("t1"), gone), [], found, now)).toEqual({ inputs: [], orphans: ["t2", "t3"] });
});

function running(id: string): Task {
  const main: TaskContainer = { name: "api", essential: true, attempt: 1, lastStatus: "RUNNING", runtimeId: "c1" };
  return {
    id,
    serviceId: "shop/local/api",
    lastStatus: "RUNNING",
    ports: { 80: 32768 },
    containers: [main],
  } as unknown as Task;
}

function stateOf(...tasks: Task[]): SimulatorState {
  return { speed: 1, services: {}, tasks: Object.fromEntries(tasks.map((task) => [task.id, task])) };
}

function pause(task: string): RuntimeContainer {
  return {
    task,
    serviceId: "shop/local/api",
    container: undefined,
    attempt: 1,
    runtimeId: `p-${task}`,
    state: "running",
    ports: { 80: 32768 },
  };
}

function container(task: string, what: Partial<RuntimeContainer>): RuntimeContainer {
  return {
    task,
    serviceId: "shop/local/api",
    container: "api",
    attempt: 1,
    runtimeId: `c-${task}`,
    state: "running",
    ports: {},
    ...what,
  };
}
