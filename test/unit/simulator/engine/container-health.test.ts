import { describe, expect, test } from "vitest";
import type { TargetCheck } from "../../../../src/simulator/engine/inputs.ts";
import type { ContainerHealth } from "../../../../src/simulator/engine/state.ts";
import { isHealthy, taskHealth } from "../../../../src/simulator/engine/health.ts";
import { type ContainerDefinition, webSpec } from "./plans.ts";
import { type Behaviour, World } from "./world.ts";

const check: ContainerDefinition = { healthCheck: { command: ["CMD-SHELL", "true"] } };
const failing: TargetCheck = { ok: false, counts: true, reason: "Target.Timeout", description: "" };

function deployed(behaviour: Behaviour, options: Parameters<typeof webSpec>[0] = {}): World {
  const world = new World({ images: { "sha256:one": behaviour } });
  world.deploy(webSpec({ web: check, loadBalancer: false, ...options }));
  return world;
}

/** When the deployment completed, in seconds. */
function completed(world: World): number {
  return world.until("completed", () => world.service().deployments[0]?.rolloutState === "COMPLETED");
}

test("a task's health is that of its essential containers with a check: the worst of them", () => {
  const health = (...containers: [boolean, ContainerHealth | undefined][]): ContainerHealth =>
    taskHealth(
      containers.map(([essential, each], at) => ({
        name: `c${at}`,
        essential,
        attempt: 1,
        lastStatus: "RUNNING",
        ...(each === undefined ? {} : { health: each }),
      })),
    );
  expect([
    health([true, undefined]),
    health([false, "HEALTHY"]),
    health([true, "HEALTHY"], [false, "UNHEALTHY"], [true, undefined]),
    health([true, "HEALTHY"], [true, "UNKNOWN"]),
    health([true, "UNKNOWN"], [true, "UNHEALTHY"]),
  ]).toEqual(["UNKNOWN", "UNKNOWN", "HEALTHY", "UNKNOWN", "UNHEALTHY"]);
});

describe("a task counts as healthy", () => {
  test("with a check and no load balancer when it is HEALTHY, not after 40 seconds", () => {
    expect(completed(deployed({ health: [[7, "HEALTHY"]] }))).toBe(7);
    expect(completed(deployed({ health: [[300, "HEALTHY"]] }))).toBe(300);
  });

  test("with a load balancer and a check when both say so", () => {
    const late: TargetCheck = { ok: false, counts: false, reason: "Target.Timeout", description: "" };
    const behind = { loadBalancer: true };
    expect(completed(deployed({ health: [[25, "HEALTHY"]] }, behind))).toBe(25);
    const targetLast: Behaviour = { health: [[5, "HEALTHY"]], check: (age) => (age < 50 ? late : { ok: true }) };
    expect(completed(deployed(targetLast, behind))).toBe(50);
  });

  test("when the targets in all of its groups are healthy, whichever container they lead to", () => {
    const images: Record<string, Behaviour> = {
      "sha256:proxy": { check: (age) => (age < 30 ? { ...failing, counts: false } : { ok: true }) },
    };
    const world = new World({ images });
    world.deploy(
      webSpec({ sidecars: [{ name: "proxy", image: "sha256:proxy" }], groups: { rule1: "proxy", rule2: "web" } }),
    );
    expect(completed(world)).toBe(30);
    expect(world.tasks()[0]?.targets.map(({ targetGroup, containerPort }) => [targetGroup, containerPort])).toEqual([
      ["shop/local/api/main", 80],
      ["shop/local/api/rule1", 81],
      ["shop/local/api/rule2", 80],
    ]);
    images["sha256:proxy"] = { check: () => failing };
    const [first] = world.tasks();
    world.until("one of its targets fails", () => !isHealthy(world.state.tasks[first?.id ?? ""] ?? first!));
    world.until("it is replaced", () => world.tasks().length > 1);
  });

  test("after 40 seconds when only a container that is not essential has a check, or the check is none", () => {
    const sidecar = { name: "log", image: "sha256:log", essential: false, ...check };
    const world = new World({ images: { "sha256:log": { health: [[1, "UNHEALTHY"]] } } });
    world.deploy(webSpec({ loadBalancer: false, sidecars: [sidecar] }));
    expect(completed(world)).toBe(40);
    expect(world.tasks()[0]).toMatchObject({ health: "UNKNOWN", containers: [{}, { health: "UNHEALTHY" }] });
    const none = deployed({ health: [[1, "UNHEALTHY"]] }, { web: { healthCheck: { command: ["NONE"] } } });
    expect(completed(none)).toBe(40);
  });
});

describe("a task that turns UNHEALTHY", () => {
  test("is replaced by one of its own version; the event and the reason name the container's checks", () => {
    const images: Record<string, Behaviour> = {
      "sha256:one": {
        health: [
          [10, "HEALTHY"],
          [100, "UNHEALTHY"],
        ],
      },
    };
    const world = new World({ images });
    world.deploy(webSpec({ web: check, loadBalancer: false }));
    world.wait(50);
    images["sha256:one"] = { health: [[10, "HEALTHY"]] };
    world.wait(100);
    expect(world.events()).toMatchInlineSnapshot(`
      [
        "     0 (service api) has started 1 tasks: (task T1).",
        "    10 (service api) (deployment D1) deployment completed.",
        "    10 (service api) has reached a steady state.",
        "   100 (service api) has started 1 tasks: (task T2). Amazon ECS replaced 1 tasks due to an unhealthy status.",
        "   110 (service api) (task T1) failed container health checks.",
        "   110 (service api) has stopped 1 running tasks: (task T1).",
        "   110 (service api) has reached a steady state.",
      ]
    `);
    expect(world.stops()).toMatchInlineSnapshot(`
      [
        "T1 ServiceSchedulerInitiated: Task failed container health checks (web exit 0)",
      ]
    `);
  });

  test("is left alone during the grace period, and for good when it recovers in it", () => {
    const grace = { loadBalancer: true, grace: 60 };
    const sick = deployed({ health: [[10, "UNHEALTHY"]] }, grace);
    expect(sick.until("a replacement", () => sick.tasks().length === 2)).toBe(60);
    const recovers = deployed(
      {
        health: [
          [10, "UNHEALTHY"],
          [50, "HEALTHY"],
        ],
      },
      grace,
    );
    recovers.wait(1000);
    expect(recovers.tasks().length).toBe(1);
  });

  test("is named by its target when that fails as well", () => {
    const world = deployed(
      { health: [[10, "UNHEALTHY"]], check: () => failing },
      { loadBalancer: true, grace: 30, maximum: 100, minimum: 0 },
    );
    world.wait(100);
    expect(world.stops()[0]).toMatchInlineSnapshot(
      `"T1 ServiceSchedulerInitiated: Task failed ELB health checks in (target-group G) (web exit 0)"`,
    );
  });

  test("fails its deployment when three in a row do", () => {
    const world = deployed({ health: [[1, "HEALTHY"]] });
    world.wait(60);
    world.options.images = { "sha256:two": { health: [[5, "UNHEALTHY"]] }, "sha256:one": { health: [[1, "HEALTHY"]] } };
    world.deploy(webSpec({ web: check, loadBalancer: false, image: "sha256:two" }));
    world.wait(60);
    expect(world.deployments()).toMatchInlineSnapshot(`
      [
        "D1 PRIMARY COMPLETED revision 1 desired 1 running 1 pending 0 healthy 1 failed 0: ECS deployment D1 completed.",
        "D2 INACTIVE FAILED revision 2 desired 0 running 0 pending 0 healthy 0 failed 3: ECS deployment circuit breaker: tasks failed to start.",
      ]
    `);
    expect(world.stops()).toMatchInlineSnapshot(`
      [
        "T2 ServiceSchedulerInitiated: Task failed container health checks (web exit 0)",
        "T3 ServiceSchedulerInitiated: Task failed container health checks (web exit 0)",
        "T4 ServiceSchedulerInitiated: Task failed container health checks (web exit 0)",
      ]
    `);
  });

  test("before it is RUNNING goes on waiting", () => {
    const world = deployed(
      { health: [[5, "UNHEALTHY"]] },
      {
        sidecars: [
          {
            name: "late",
            image: "sha256:late",
            essential: false,
            dependsOn: [{ containerName: "web", condition: "HEALTHY" }],
          },
        ],
      },
    );
    world.wait(1000);
    expect(world.tasks().map(({ lastStatus, health }) => [lastStatus, health])).toEqual([["PENDING", "UNHEALTHY"]]);
  });
});

test("a container that is restarted has to prove itself again, and its task is not replaced meanwhile", () => {
  const restartPolicy = { enabled: true, restartAttemptPeriod: 60 };
  const world = deployed({ health: [[10, "HEALTHY"]], exitsAfter: 100 }, { web: { ...check, restartPolicy } });
  const healths = [20, 85, 10].map((seconds) => {
    world.wait(seconds);
    const [task] = world.tasks();
    return [task?.lastStatus, task?.health, task !== undefined && isHealthy(task), task?.containers[0]?.attempt];
  });
  expect(healths).toEqual([
    ["RUNNING", "HEALTHY", true, 1],
    ["RUNNING", "UNKNOWN", false, 2],
    ["RUNNING", "HEALTHY", true, 2],
  ]);
  expect(world.tasks().length).toBe(1);
});

test("a report that says nothing new, comes late or is about a container without a check changes nothing", () => {
  const log = { name: "log", image: "sha256:log", essential: false };
  const world = deployed({ health: [[10, "HEALTHY"]] }, { sidecars: [log] });
  world.wait(20);
  const task = world.tasks()[0]?.id ?? "";
  const about = { type: "container-health", task, container: "web", attempt: 1 } as const;
  const before = world.state;
  world.send({ ...about, health: "HEALTHY" });
  world.send({ ...about, attempt: 2, health: "UNHEALTHY" });
  world.send({ ...about, container: "log", health: "UNHEALTHY" });
  world.send({ ...about, container: "nobody", health: "UNHEALTHY" });
  world.send({ ...about, task: "nobody", health: "UNHEALTHY" });
  expect(world.state).toBe(before);
  world.send({ type: "stop-task", task });
  const stopped = world.state;
  world.send({ ...about, health: "UNHEALTHY" });
  expect(world.state).toBe(stopped);
});
