import { expect, test } from "vitest";
import { Discovery } from "../../../../src/simulator/daemon/discovery.ts";
import type { SimulatorState, Task } from "../../../../src/simulator/engine/state.ts";

test("a task has its service's names from RUNNING until it is told to stop", async () => {
  const { discovery, said } = recorded();
  const ladder = [
    task("PENDING"),
    task("RUNNING"),
    { ...task("RUNNING"), health: "HEALTHY" } as Task,
    task("DEACTIVATING"),
    task("STOPPED"),
  ].map(stateOf);
  ladder.reduce((before, after) => (discovery.follow(before, after), after));
  await discovery.settled();
  expect(said).toEqual(["t1 is api.local.shop.local, api", "t1 is nobody"]);
});

test("a restart gives running tasks their names again", async () => {
  const { discovery, said } = recorded();
  discovery.recover({ speed: 1, services: {}, tasks: { t1: task("RUNNING"), t2: { ...task("PENDING"), id: "t2" } } });
  await discovery.settled();
  expect(said).toEqual(["t1 is api.local.shop.local, api"]);
});

test("what belongs to one task happens in order, and a failure is no end", async () => {
  const said: string[] = [];
  const discovery = new Discovery({
    attachDiscovery: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      said.push("attached");
      throw new Error("the network is gone");
    },
    detachDiscovery: async () => void said.push("detached"),
  });
  const [pending, running, stopping] = [task("PENDING"), task("RUNNING"), task("STOPPING")].map(stateOf);
  discovery.follow(pending as SimulatorState, running as SimulatorState);
  discovery.follow(running as SimulatorState, stopping as SimulatorState);
  await discovery.settled();
  expect(said).toEqual(["attached", "detached"]);
});

function recorded() {
  const said: string[] = [];
  const discovery = new Discovery({
    attachDiscovery: async (id, aliases) => void said.push(`${id} is ${aliases.join(", ")}`),
    detachDiscovery: async (id) => void said.push(`${id} is nobody`),
  });
  return { discovery, said };
}

function task(lastStatus: Task["lastStatus"]): Task {
  const desiredStatus = lastStatus === "PENDING" || lastStatus === "RUNNING" ? "RUNNING" : "STOPPED";
  return { id: "t1", serviceId: "shop/local/api", lastStatus, desiredStatus } as Task;
}

function stateOf(one: Task): SimulatorState {
  return { speed: 1, services: {}, tasks: { [one.id]: one } };
}
