import { expect, test } from "vitest";
import { Discovery } from "../../../../src/simulator/daemon/discovery.ts";
import type { SimulatorState, Task } from "../../../../src/simulator/engine/state.ts";

test("a task has its service's names from RUNNING until it is told to stop", async () => {
  const { discovery, said } = recorded();
  const healthy = { ...task("RUNNING"), healthyAt: 5 } as Task;
  await walk(discovery, [task("PENDING"), task("RUNNING"), healthy, task("DEACTIVATING"), task("STOPPED")]);
  expect(said).toEqual(["t1 is api.local.shop.local, api", "t1 is nobody"]);
});

test("with a container health check a task has its names while it is HEALTHY", async () => {
  const { discovery, said } = recorded();
  const checked = (health: Task["health"], essential = true) =>
    ({ ...task("RUNNING"), health, containers: [{ name: "api", essential, health }] }) as Task;
  const [unknown, healthy, unhealthy] = [checked("UNKNOWN"), checked("HEALTHY"), checked("UNHEALTHY")];
  await walk(discovery, [task("PENDING"), unknown, healthy, unhealthy, checked("HEALTHY")]);
  expect(said).toEqual(["t1 is api.local.shop.local, api", "t1 is nobody", "t1 is api.local.shop.local, api"]);
  said.length = 0;
  await walk(discovery, [task("PENDING"), checked("UNKNOWN", false)]);
  expect(said).toEqual(["t1 is api.local.shop.local, api"]);
});

test("a service with Service Connect has its alias in that, beside its names", async () => {
  const { discovery, said } = recorded();
  const running = task("RUNNING");
  const serviceConnectConfiguration = {
    enabled: true,
    services: [{ portName: "target", clientAliases: [{ port: 80, dnsName: "shop.api" }, { port: 80 }] }],
  };
  const deployments = [{ id: "d1", spec: { plan: { service: { serviceConnectConfiguration } } } }];
  const services = { "shop/local/api": { deployments } } as unknown as SimulatorState["services"];
  discovery.follow(stateOf(task("PENDING")), { ...stateOf(running), services });
  await discovery.settled();
  expect(said).toEqual(["t1 is api.local.shop.local, api and shop.api"]);
});

test("a restart gives running tasks their names again, and takes away those of tasks that are leaving", async () => {
  const { discovery, said } = recorded();
  const [t1, t2, t3, t4] = [
    task("RUNNING"),
    { ...task("PENDING"), id: "t2" },
    { ...task("DEACTIVATING"), id: "t3", prepared: true },
    { ...task("STOPPED"), id: "t4", prepared: true },
  ];
  discovery.recover({ speed: 1, services: {}, tasks: { t1, t2, t3, t4 } });
  await discovery.settled();
  expect(said.toSorted()).toEqual(["t1 is api.local.shop.local, api", "t3 is nobody"]);
});

test("what belongs to one task happens in order, and a failure is no end", async () => {
  const said: string[] = [];
  let begun = () => {};
  const attaching = new Promise<void>((resolve) => (begun = resolve));
  let fail = () => {};
  const failing = new Promise<void>((resolve) => (fail = resolve));
  const discovery = new Discovery(
    {
      attachDiscovery: async () => {
        begun();
        await failing;
        said.push("attached");
        throw new Error("the network is gone");
      },
      detachDiscovery: async () => void said.push("detached"),
    },
    { settling: 0, leaving: 0 },
  );
  const [pending, run, stop] = [task("PENDING"), task("RUNNING"), task("STOPPING")].map(stateOf);
  discovery.follow(pending as SimulatorState, run as SimulatorState);
  await attaching;
  discovery.follow(run as SimulatorState, stop as SimulatorState);
  fail();
  await discovery.settled();
  expect(said).toEqual(["attached", "detached"]);
});

test("a task that is replaced keeps its names until the other one has them", async () => {
  const { discovery, said } = recorded();
  const [old, fresh] = [task("RUNNING"), { ...task("PENDING"), id: "t2" }];
  const before = { speed: 1, services: {}, tasks: { t1: old, t2: fresh } };
  const [stopped, runs] = [task("STOPPING"), { ...task("RUNNING"), id: "t2" }];
  discovery.follow(before, { ...before, tasks: { t1: stopped, t2: runs } });
  await discovery.settled();
  expect(said).toEqual(["t2 is api.local.shop.local, api", "t1 is nobody"]);
});

test("a task that is told to stop before it has got its names gets none", async () => {
  const { discovery, said } = recorded();
  const [pending, run, stop] = [task("PENDING"), task("RUNNING"), task("STOPPING")].map(stateOf);
  discovery.follow(pending as SimulatorState, run as SimulatorState);
  discovery.follow(run as SimulatorState, stop as SimulatorState);
  await discovery.settled();
  expect(said).toEqual(["t1 is nobody"]);
});

test("a task has left when its names are gone and connections that were being opened have come", async () => {
  const said: string[] = [];
  const discovery = new Discovery(
    { attachDiscovery: async () => undefined, detachDiscovery: async () => void said.push("detached") },
    { settling: 0, leaving: 20 },
  );
  await discovery.left("t1");
  const [run, stop] = [task("RUNNING"), task("STOPPING")].map(stateOf);
  discovery.follow(run as SimulatorState, stop as SimulatorState);
  const began = performance.now();
  await discovery.left("t1");
  expect(said).toEqual(["detached"]);
  expect(performance.now() - began).toBeGreaterThan(15);
});

async function walk(discovery: Discovery, tasks: Task[]): Promise<void> {
  let before = stateOf(tasks[0] as Task);
  for (const after of tasks.map(stateOf)) {
    discovery.follow(before, after);
    await discovery.settled();
    before = after;
  }
}

function recorded() {
  const said: string[] = [];
  const discovery = new Discovery(
    {
      attachDiscovery: async (id, { names, aliases }) =>
        void said.push(`${id} is ${[names.join(", "), ...aliases].join(" and ")}`),
      detachDiscovery: async (id) => void said.push(`${id} is nobody`),
    },
    { settling: 0, leaving: 0 },
  );
  return { discovery, said };
}

function task(lastStatus: Task["lastStatus"]): Task {
  const desiredStatus = lastStatus === "PENDING" || lastStatus === "RUNNING" ? "RUNNING" : "STOPPED";
  const fixed = { id: "t1", serviceId: "shop/local/api", deploymentId: "d1", health: "UNKNOWN", containers: [] };
  return { ...fixed, lastStatus, desiredStatus } as unknown as Task;
}

function stateOf(one: Task): SimulatorState {
  return { speed: 1, services: {}, tasks: { [one.id]: one } };
}
