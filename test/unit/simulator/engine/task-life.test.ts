import { describe, expect, test } from "vitest";
import type { Input } from "../../../../src/simulator/engine/inputs.ts";
import type { Task } from "../../../../src/simulator/engine/state.ts";
import { webSpec } from "./plans.ts";
import { type Behaviour, SERVICE, World } from "./world.ts";

function oneTask(
  behaviour: Behaviour = {},
  options: Parameters<typeof webSpec>[0] = {},
  speed = 1,
): { world: World; task: () => Task } {
  const world = new World({ speed, images: { "sha256:one": behaviour } });
  world.deploy(webSpec(options));
  const id = world.tasks()[0]?.id ?? "";
  return { world, task: () => world.state.tasks[id] as Task };
}

function exited(task: string, more: Partial<Extract<Input, { type: "container-exited" }>> = {}): Input {
  return {
    type: "container-exited",
    task,
    container: "web",
    attempt: 1,
    exitCode: 1,
    outOfMemory: false,
    at: 0,
    ...more,
  };
}

describe("stopping", () => {
  test("a task drains for the whole delay although nothing is open, then gets its stop signal and its time-out", () => {
    const { world, task } = oneTask({ stopsIn: 7 });
    world.wait(10);
    world.send({ type: "stop-task", task: task().id });
    expect(task()).toMatchObject({
      lastStatus: "DEACTIVATING",
      targets: [{ state: "draining", reason: "Target.DeregistrationInProgress" }],
    });
    world.wait(100);
    expect(world.ladder(task().id)).toMatchInlineSnapshot(
      `"0 PENDING → 0 RUNNING → 10 DEACTIVATING → 70 STOPPING → 77 DEPROVISIONING → 77 STOPPED"`,
    );
    expect(world.effects.filter((effect) => effect.task === task().id)).toEqual([
      { type: "prepare-task", task: task().id },
      { type: "start-container", task: task().id, container: "web", attempt: 1 },
      { type: "stop-container", task: task().id, container: "web", attempt: 1, timeoutSeconds: 30 },
      { type: "remove-task", task: task().id },
    ]);
    expect(world.stops()).toMatchInlineSnapshot(`
      [
        "T1 UserInitiated: Task stopped by user (web exit 0)",
      ]
    `);
  });

  test("the delay is AWS's and scaled, the stop time-out is the program's and is not", () => {
    const { world, task } = oneTask({ stopsIn: 1000 }, { stopTimeout: 40 }, 10);
    world.wait(10);
    world.send({ type: "stop-task", task: task().id, reason: "trying it out" });
    world.wait(100);
    expect(world.ladder(task().id)).toMatchInlineSnapshot(
      `"0 PENDING → 0 RUNNING → 10 DEACTIVATING → 16 STOPPING → 56 DEPROVISIONING → 56 STOPPED"`,
    );
    expect(world.stops()).toMatchInlineSnapshot(`
      [
        "T1 UserInitiated: trying it out (web exit 137)",
      ]
    `);
  });

  test("a request that is open is waited for beyond the scaled delay, at most for the delay as it was asked for", () => {
    const ends = [2, 20, Infinity].map((requestOpenFor) => {
      const { world, task } = oneTask({ requestOpenFor }, {}, 10);
      world.wait(10);
      world.send({ type: "stop-task", task: task().id });
      world.wait(100);
      return world.ladder(task().id);
    });
    expect(ends).toMatchInlineSnapshot(`
      [
        "0 PENDING → 0 RUNNING → 10 DEACTIVATING → 16 STOPPING → 16 DEPROVISIONING → 16 STOPPED",
        "0 PENDING → 0 RUNNING → 10 DEACTIVATING → 30 STOPPING → 30 DEPROVISIONING → 30 STOPPED",
        "0 PENDING → 0 RUNNING → 10 DEACTIVATING → 70 STOPPING → 70 DEPROVISIONING → 70 STOPPED",
      ]
    `);
  });

  test("a service without a load balancer has nothing to drain", () => {
    const { world, task } = oneTask({}, { loadBalancer: false });
    world.wait(10);
    world.send({ type: "stop-task", task: task().id });
    expect(world.ladder(task().id)).toMatchInlineSnapshot(
      `"0 PENDING → 0 RUNNING → 10 STOPPING → 10 DEPROVISIONING → 10 STOPPED"`,
    );
  });

  test("a task that is being made is ended when it has been made", () => {
    const world = new World();
    world.only({ type: "update-service", serviceId: SERVICE, spec: webSpec(), force: false });
    const [made] = world.tasks();
    const task = made?.id ?? "";
    world.only({ type: "stop-task", task });
    expect(world.state.tasks[task]).toMatchObject({ lastStatus: "PENDING", desiredStatus: "STOPPED" });
    world.only({ type: "task-prepared", task, ports: { 80: 40_000 }, images: {} });
    expect(world.state.tasks[task]?.lastStatus).toBe("DEPROVISIONING");
    expect(world.effects.filter((effect) => effect.task === task).map(({ type }) => type)).toEqual([
      "prepare-task",
      "remove-task",
    ]);
  });

  test("a container that starts after its task was stopped is stopped as soon as it has started", () => {
    const world = new World();
    world.only({ type: "update-service", serviceId: SERVICE, spec: webSpec(), force: false });
    const task = world.tasks()[0]?.id ?? "";
    world.only({ type: "task-prepared", task, ports: { 80: 40_000 }, images: {} });
    world.only({ type: "stop-task", task });
    world.send({ type: "container-started", task, container: "web", attempt: 1, runtimeId: "c", at: world.now });
    expect(world.ladder(task)).toMatchInlineSnapshot(`"0 PENDING → 0 STOPPING → 0 DEPROVISIONING → 0 STOPPED"`);
  });

  test("a container that nobody saw exit is gone when its stop has been answered", () => {
    const world = new World();
    world.deploy(webSpec({ loadBalancer: false }));
    const task = world.tasks()[0]?.id ?? "";
    world.only({ type: "task-lost", task });
    world.send({ type: "container-stopped", task, container: "web", attempt: 1, at: world.now });
    expect(world.ladder(task)).toMatchInlineSnapshot(
      `"0 PENDING → 0 RUNNING → 0 STOPPING → 0 DEPROVISIONING → 0 STOPPED"`,
    );
    expect(world.stops()).toMatchInlineSnapshot(`
      [
        "T1 EssentialContainerExited: Essential container in task exited: the container that holds the task's network is gone (web)",
      ]
    `);
  });
});

describe("a task that dies by itself", () => {
  test("is replaced about a scheduler cadence later; its target is gone at once", () => {
    const { world, task } = oneTask({}, { desired: 2 });
    world.wait(100);
    world.send(exited(task().id, { exitCode: 3 }));
    expect(task().targets[0]).toMatchObject({ state: "unused", reason: "Target.NotRegistered" });
    world.wait(100);
    expect(world.stops()).toMatchInlineSnapshot(`
      [
        "T1 EssentialContainerExited: Essential container in task exited (web exit 3)",
      ]
    `);
    expect(world.events().slice(5)).toMatchInlineSnapshot(`
      [
        "   100 (service api) deregistered 1 targets in (target-group G)",
        "   110 (service api) has started 1 tasks: (task T3).",
        "   110 (service api) registered 1 targets in (target-group G)",
        "   110 (service api) has reached a steady state.",
      ]
    `);
    expect(world.ladder(task().id)).toMatchInlineSnapshot(`"0 PENDING → 0 RUNNING → 100 DEPROVISIONING → 100 STOPPED"`);
  });

  test("is not drained any longer when it dies while it drains, and keeps the reason why it was stopped", () => {
    const { world, task } = oneTask();
    world.wait(10);
    world.send({ type: "stop-task", task: task().id });
    world.wait(5);
    world.send(exited(task().id, { exitCode: 137, outOfMemory: true }));
    expect(world.ladder(task().id)).toMatchInlineSnapshot(
      `"0 PENDING → 0 RUNNING → 10 DEACTIVATING → 15 DEPROVISIONING → 15 STOPPED"`,
    );
    expect(world.stops()).toMatchInlineSnapshot(`
      [
        "T1 UserInitiated: Task stopped by user (web exit 137 OutOfMemoryError: Container killed due to memory usage)",
      ]
    `);
  });

  test("has been RUNNING also when its exit is heard of before its start", () => {
    const world = new World();
    world.only({ type: "update-service", serviceId: SERVICE, spec: webSpec(), force: false });
    const task = world.tasks()[0]?.id ?? "";
    world.only({ type: "task-prepared", task, ports: { 80: 40_000 }, images: {} });
    world.only(exited(task, { at: 5 }));
    world.only({ type: "container-started", task, container: "web", attempt: 1, runtimeId: "c", at: 4 });
    expect(world.stops()).toMatchInlineSnapshot(`
      [
        "T1 EssentialContainerExited: Essential container in task exited (web exit 1)",
      ]
    `);
    expect(world.state.tasks[task]).toMatchObject({ lastStatus: "DEPROVISIONING", startedAt: world.now });
  });

  test("does so also when the container that holds its network is gone; the program's own is stopped", () => {
    const { world, task } = oneTask({ stopsIn: 2 });
    world.wait(100);
    world.send({ type: "task-lost", task: task().id });
    world.wait(100);
    expect(world.stops()).toMatchInlineSnapshot(`
      [
        "T1 EssentialContainerExited: Essential container in task exited: the container that holds the task's network is gone (web exit 0)",
      ]
    `);
    expect(world.ladder(task().id)).toMatchInlineSnapshot(
      `"0 PENDING → 0 RUNNING → 100 STOPPING → 102 DEPROVISIONING → 102 STOPPED"`,
    );
    expect(world.running().length).toBe(1);
  });
});

test("what comes twice, late or for something unknown changes nothing and asks for nothing", () => {
  const { world, task } = oneTask();
  world.wait(10);
  const id = task().id;
  world.send({ type: "stop-task", task: id });
  world.wait(100);
  const about = { task: id, container: "web", attempt: 1, at: 0 };
  const late: Input[] = [
    { type: "task-prepared", task: id, ports: {}, images: {} },
    { type: "task-prepare-failed", task: id, error: { name: "CannotPullContainerError", message: "late" } },
    { type: "container-started", ...about, runtimeId: "again" },
    { type: "container-failed", ...about, error: { name: "CannotStartContainerError", message: "late" } },
    { type: "container-exited", ...about, exitCode: 9, outOfMemory: true },
    { type: "container-stopped", ...about },
    { type: "task-removed", task: id },
    { type: "task-lost", task: id },
    { type: "task-idle", task: id },
    { type: "stop-task", task: id },
    { type: "stop-task", task: "constructor" },
    { type: "container-started", ...about, attempt: 2, runtimeId: "other" },
    { type: "container-exited", ...about, task: "__proto__", exitCode: 0, outOfMemory: false },
    {
      type: "stop-deployment",
      serviceId: SERVICE,
      deploymentId: world.service().deployments[0]?.id ?? "",
      reason: "late",
    },
    { type: "stop-deployment", serviceId: "no/such/service", deploymentId: "x", reason: "" },
    { type: "delete-service", serviceId: "no/such/service" },
    { type: "set-speed", speed: Number.NaN },
    { type: "set-speed", speed: -1 },
    { type: "tick" },
    { type: "something-else" } as unknown as Input,
  ];
  for (const input of late) {
    const [before, effects] = [world.state, world.effects.length];
    world.only(input);
    expect(world.state).toBe(before);
    expect(world.effects.length).toBe(effects);
  }
});

test("a stopped task is shown for an hour of AWS's time, and at most a hundred of a service", () => {
  const { world, task } = oneTask({}, { loadBalancer: false }, 10);
  world.wait(10);
  const id = task().id;
  world.send({ type: "stop-task", task: id });
  world.wait(359);
  expect(world.state.tasks[id]?.lastStatus).toBe("STOPPED");
  world.wait(2);
  expect(world.state.tasks[id]).toBeUndefined();
  for (let count = 0; count < 130; count += 1) world.send({ type: "stop-task", task: world.running()[0]?.id ?? "" });
  expect(world.tasks().filter(({ lastStatus }) => lastStatus === "STOPPED").length).toBe(100);
  expect(world.service().events.length).toBe(100);
});
