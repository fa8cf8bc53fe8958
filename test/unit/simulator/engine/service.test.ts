import { describe, expect, test } from "vitest";
import { deploymentOutcome } from "../../../../src/simulator/engine/queries.ts";
import type { TargetCheck } from "../../../../src/simulator/engine/inputs.ts";
import type { DeploymentSpec } from "../../../../src/simulator/engine/state.ts";
import { webSpec } from "./plans.ts";
import { SERVICE, World } from "./world.ts";

const refused: TargetCheck = { ok: false, counts: true, reason: "Target.FailedHealthChecks", description: "" };

function deployed(spec: DeploymentSpec = webSpec()): World {
  const world = new World({ speed: 10 });
  world.deploy(spec);
  world.wait(60);
  return world;
}

describe("an update", () => {
  test("that changes nothing changes nothing in the state", () => {
    const world = deployed();
    const before = world.state;
    world.deploy(webSpec());
    expect(world.state).toBe(before);
  });

  const inPlace: [string, DeploymentSpec][] = [
    ["count", webSpec({ desired: 3 })],
    ["percentages", webSpec({ minimum: 50, maximum: 100 })],
    ["breaker", webSpec({ breaker: false })],
    ["grace period", webSpec({ grace: 5 })],
    ["deregistration delay", webSpec({ drain: 5 })],
    ["path", webSpec({ path: "/other" })],
    ["key order only", JSON.parse(JSON.stringify(webSpec(), reversedKeys)) as DeploymentSpec],
    ["nothing but an image that nobody has looked up", webSpec({ unpinned: true })],
  ];
  test.each(inPlace)("of the %s takes effect in place", (_what, spec) => {
    const world = deployed();
    const [before] = world.service().deployments;
    world.deploy(spec);
    world.wait(60);
    const [after] = world.service().deployments;
    expect(after?.id).toBe(before?.id);
    expect(after?.spec.plan).toEqual(spec.plan);
    expect(world.running().length).toBe(spec.plan.service.desiredCount);
  });

  const newOnes: [string, DeploymentSpec, boolean, number][] = [
    ["the task definition", webSpec({ variable: "new" }), false, 2],
    ["the image behind an unchanged tag", webSpec({ image: "sha256:two" }), false, 2],
    ["the load balancer", webSpec({ loadBalancer: false }), false, 1],
    ["nothing, by force", webSpec(), true, 1],
  ];
  test.each(newOnes)("of %s starts a deployment", (_what, spec, force, revision) => {
    const world = deployed();
    const [before] = world.service().deployments;
    world.deploy(spec, force);
    world.wait(60);
    const [after] = world.service().deployments;
    expect(after?.id).not.toBe(before?.id);
    expect(after).toMatchObject({ status: "PRIMARY", rolloutState: "COMPLETED", revision });
  });
});

test("scaling out starts what is missing, scaling in stops any, scaling to nothing all", () => {
  const world = deployed();
  for (const desired of [3, 1, 0, 2]) {
    world.deploy(webSpec({ desired }));
    world.wait(30);
  }
  expect(world.events().slice(4)).toMatchInlineSnapshot(`
    [
      "    60 (service api) has started 2 tasks: (task T2) (task T3).",
      "    60 (service api) registered 1 targets in (target-group G)",
      "    60 (service api) registered 1 targets in (target-group G)",
      "    60 (service api) has reached a steady state.",
      "    90 (service api) has stopped 2 running tasks: (task T2) (task T3).",
      "    90 (service api) deregistered 2 targets in (target-group G)",
      "    90 (service api, taskSet D1) has begun draining connections on 2 tasks.",
      "    90 (service api) has reached a steady state.",
      "   120 (service api) has stopped 1 running tasks: (task T1).",
      "   120 (service api) deregistered 1 targets in (target-group G)",
      "   120 (service api, taskSet D1) has begun draining connections on 1 tasks.",
      "   120 (service api) has reached a steady state.",
      "   150 (service api) has started 2 tasks: (task T4) (task T5).",
      "   150 (service api) registered 1 targets in (target-group G)",
      "   150 (service api) registered 1 targets in (target-group G)",
      "   150 (service api) has reached a steady state.",
    ]
  `);
});

test("a deployment supersedes the one that is running, whose tasks go first", () => {
  const world = new World({ speed: 10, images: { "sha256:two": { check: () => refused } } });
  world.deploy(webSpec({ desired: 2 }));
  world.wait(60);
  world.deploy(webSpec({ desired: 2, image: "sha256:two" }));
  world.wait(2);
  world.deploy(webSpec({ desired: 2, image: "sha256:three" }));
  expect(world.service().deployments.map(deploymentOutcome)).toEqual(["in-progress", "superseded", "completed"]);
  world.wait(60);
  expect(world.events().slice(5)).toMatchInlineSnapshot(`
    [
      "    60 (service api) has started 2 tasks: (task T3) (task T4).",
      "    60 (service api) registered 1 targets in (target-group G)",
      "    60 (service api) registered 1 targets in (target-group G)",
      "    62 (service api) has stopped 2 running tasks: (task T3) (task T4).",
      "    62 (service api) deregistered 2 targets in (target-group G)",
      "    62 (service api, taskSet D2) has begun draining connections on 2 tasks.",
      "    68 (service api) has started 1 tasks: (task T5).",
      "    68 (service api) has started 1 tasks: (task T6).",
      "    68 (service api) registered 1 targets in (target-group G)",
      "    68 (service api) registered 1 targets in (target-group G)",
      "    68 (service api) has stopped 1 running tasks: (task T1).",
      "    68 (service api) deregistered 1 targets in (target-group G)",
      "    68 (service api, taskSet D1) has begun draining connections on 1 tasks.",
      "    68 (service api) has stopped 1 running tasks: (task T2).",
      "    68 (service api) deregistered 1 targets in (target-group G)",
      "    68 (service api, taskSet D1) has begun draining connections on 1 tasks.",
      "    68 (service api) (deployment D3) deployment completed.",
      "    68 (service api) has reached a steady state.",
    ]
  `);
  expect(world.deployments()).toMatchInlineSnapshot(`
    [
      "D3 PRIMARY COMPLETED revision 3 desired 2 running 2 pending 0 healthy 2 failed 0: ECS deployment D3 completed.",
      "D1 INACTIVE COMPLETED revision 1 desired 0 running 0 pending 0 healthy 0 failed 0: ECS deployment D1 completed.",
      "D2 INACTIVE IN_PROGRESS revision 2 desired 0 running 0 pending 0 healthy 0 failed 0: ECS deployment D2 in progress.",
    ]
  `);
});

test("a rolled back version can be superseded by the next one before it is complete", () => {
  const world = new World({ speed: 10, images: { "sha256:two": { exitsAfter: 0 } } });
  world.deploy(webSpec({ desired: 2, minimum: 50, maximum: 100 }));
  world.wait(60);
  world.deploy(webSpec({ desired: 2, minimum: 50, maximum: 100, image: "sha256:two" }));
  world.until("the roll-back", () => world.service().deployments[1]?.rolloutState === "FAILED");
  world.deploy(webSpec({ desired: 2, minimum: 50, maximum: 100, image: "sha256:three" }));
  world.wait(60);
  expect(world.deployments()).toMatchInlineSnapshot(`
    [
      "D3 PRIMARY COMPLETED revision 3 desired 2 running 2 pending 0 healthy 2 failed 0: ECS deployment D3 completed.",
      "D1 INACTIVE IN_PROGRESS revision 1 desired 0 running 0 pending 0 healthy 0 failed 0: ECS deployment circuit breaker: rolling back to deploymentId D1.",
      "D2 INACTIVE FAILED revision 2 desired 0 running 0 pending 0 healthy 0 failed 3: ECS deployment circuit breaker: tasks failed to start.",
    ]
  `);
});

describe("deleting a service", () => {
  test("drains and stops its tasks; then nothing of it is left", () => {
    const world = deployed(webSpec({ desired: 2 }));
    const states: string[] = [];
    world.send({ type: "delete-service", serviceId: SERVICE });
    world.until("gone", () => {
      const { status = "gone" } = world.state.services[SERVICE] ?? {};
      if (states.at(-1) !== status) states.push(status);
      return status === "gone";
    });
    expect(states).toEqual(["DRAINING", "INACTIVE", "gone"]);
    expect(world.state).toEqual({ speed: 10, services: {}, tasks: {} });
    expect([...world.ladders.keys()].map((task) => world.ladder(task))).toMatchInlineSnapshot(`
      [
        "0 PENDING → 0 RUNNING → 60 DEACTIVATING → 66 STOPPING → 66 DEPROVISIONING → 66 STOPPED",
        "0 PENDING → 0 RUNNING → 60 DEACTIVATING → 66 STOPPING → 66 DEPROVISIONING",
      ]
    `);
  });

  test("is INACTIVE while its containers take their time to stop", () => {
    const world = new World({ images: { "sha256:one": { stopsIn: 20 } } });
    world.deploy(webSpec({ loadBalancer: false }));
    world.wait(60);
    world.send({ type: "delete-service", serviceId: SERVICE });
    expect(world.service().status).toBe("INACTIVE");
    world.wait(21);
    expect(world.state.services).toEqual({});
  });

  test("works in the middle of a deployment, and what is asked of it meanwhile is ignored", () => {
    const world = deployed();
    world.deploy(webSpec({ image: "sha256:two", desired: 3 }));
    world.deploy(webSpec({ image: "sha256:three", desired: 3 }));
    world.send({ type: "delete-service", serviceId: SERVICE });
    const before = world.state;
    world.deploy(webSpec({ image: "sha256:four" }));
    world.send({ type: "delete-service", serviceId: SERVICE });
    expect(world.state).toBe(before);
    world.wait(60);
    expect(world.state).toEqual({ speed: 10, services: {}, tasks: {} });
    world.deploy(webSpec());
    expect(world.service().deployments[0]?.revision).toBe(1);
  });
});

test("listener rules get priorities once: paths from 1 up, the root from 50000 down, none twice on a load balancer", () => {
  const world = new World();
  const specs = ["a", "b", "c", "d"].map((name) => webSpec({ name, path: name < "c" ? `/${name}` : "/" }));
  for (const spec of specs) world.deploy(spec);
  const priorities = (): Record<string, unknown> =>
    Object.fromEntries(
      Object.values(world.state.services).map(({ name, rulePriorities }) => [name, rulePriorities["main"]]),
    );
  expect(priorities()).toEqual({ a: 1, b: 2, c: 50_000, d: 49_999 });
  world.send({ type: "delete-service", serviceId: "shop/local/a" });
  world.wait(100);
  world.deploy(webSpec({ name: "e" }));
  world.deploy(webSpec({ name: "b", path: "/elsewhere", variable: "new" }));
  world.deploy(webSpec({ name: "c", path: "/c" }));
  expect(priorities()).toEqual({ b: 2, c: 4, d: 49_999, e: 3 });
});

test("a roll-back brings a rule back to the band of its path", () => {
  const world = new World({ images: { "sha256:two": { exitsAfter: 0, exitCode: 1 } } });
  world.deploy(webSpec({ name: "api", path: "/" }));
  world.wait(60);
  world.deploy(webSpec({ name: "api", path: "/api", image: "sha256:two" }));
  expect(world.service().rulePriorities).toEqual({ main: 1 });
  world.wait(60);
  expect(world.service().deployments[0]?.revision).toBe(1);
  expect(world.service().rulePriorities).toEqual({ main: 50_000 });
});

test("the history keeps the last ten deployments that ended", () => {
  const world = deployed();
  for (let version = 0; version < 14; version += 1) {
    world.deploy(webSpec({ image: `sha256:${version}` }));
    world.wait(60);
  }
  const { deployments } = world.service();
  expect(deployments.map(({ status, revision }) => `${status} ${revision}`)).toEqual([
    "PRIMARY 15",
    ...[14, 13, 12, 11, 10, 9, 8, 7, 6, 5].map((revision) => `INACTIVE ${revision}`),
  ]);
});

test("a steady service says so again after six hours, at speed 10 after 36 minutes", () => {
  const world = deployed();
  world.wait(3600);
  expect(world.events().filter((text) => text.includes("steady"))).toMatchInlineSnapshot(`
    [
      "     0 (service api) has reached a steady state.",
      "  2160 (service api) has reached a steady state.",
    ]
  `);
});

function reversedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toReversed());
}
