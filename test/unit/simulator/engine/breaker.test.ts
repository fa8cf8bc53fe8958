import { describe, expect, test } from "vitest";
import { breakerThreshold } from "../../../../src/simulator/engine/breaker.ts";
import type { TargetCheck } from "../../../../src/simulator/engine/inputs.ts";
import { webSpec } from "./plans.ts";
import { type Behaviour, SERVICE, World } from "./world.ts";

const refused: TargetCheck = { ok: false, counts: true, reason: "Target.FailedHealthChecks", description: "" };
const notFound: TargetCheck = {
  ok: false,
  counts: true,
  reason: "Target.ResponseCodeMismatch",
  description: "Health checks failed with these codes: [404]",
};

/** A service whose first version is good, at speed 10, and one minute later a second one that does this. */
function secondVersion(behaviour: Behaviour, options: Parameters<typeof webSpec>[0] = {}): World {
  const world = new World({ speed: 10, images: { "sha256:two": behaviour } });
  world.deploy(webSpec(options));
  world.wait(60);
  world.deploy(webSpec({ ...options, image: "sha256:two" }));
  return world;
}

/** What was said since the second version was asked for, and what has become of everything. */
function told(world: World): { events: string[]; deployments: string[]; stops: string[] } {
  const events = world.events();
  const first = events.findIndex((text) => text.includes("steady"));
  return { events: events.slice(first + 1), deployments: world.deployments(), stops: world.stops() };
}

test("a version that exits at once is rolled back after three tasks", () => {
  const world = secondVersion({ exitsAfter: 0, exitCode: 1 });
  world.wait(60);
  expect(told(world)).toMatchInlineSnapshot(`
    {
      "deployments": [
        "D1 PRIMARY COMPLETED revision 1 desired 1 running 1 pending 0 healthy 1 failed 0: ECS deployment D1 completed.",
        "D2 INACTIVE FAILED revision 2 desired 0 running 0 pending 0 healthy 0 failed 3: ECS deployment circuit breaker: tasks failed to start.",
      ],
      "events": [
        "    60 (service api) has started 1 tasks: (task T2).",
        "    60 (service api) registered 1 targets in (target-group G)",
        "    60 (service api) deregistered 1 targets in (target-group G)",
        "    61 (service api) has started 1 tasks: (task T3).",
        "    61 (service api) registered 1 targets in (target-group G)",
        "    61 (service api) deregistered 1 targets in (target-group G)",
        "    62 (service api) has started 1 tasks: (task T4).",
        "    62 (service api) registered 1 targets in (target-group G)",
        "    62 (service api) deregistered 1 targets in (target-group G)",
        "    62 (service api) (deployment D2) deployment failed: tasks failed to start.",
        "    62 (service api) rolling back to deployment D1.",
        "    62 (service api) (deployment D1) deployment completed.",
        "    62 (service api) has reached a steady state.",
      ],
      "stops": [
        "T2 EssentialContainerExited: Essential container in task exited (web exit 1)",
        "T3 EssentialContainerExited: Essential container in task exited (web exit 1)",
        "T4 EssentialContainerExited: Essential container in task exited (web exit 1)",
      ],
    }
  `);
});

test("a version that is never healthy is rolled back after three tasks that have had their grace period", () => {
  const world = secondVersion({ check: () => notFound });
  world.wait(120);
  expect(told(world)).toMatchInlineSnapshot(`
    {
      "deployments": [
        "D1 PRIMARY COMPLETED revision 1 desired 1 running 1 pending 0 healthy 1 failed 0: ECS deployment D1 completed.",
        "D2 INACTIVE FAILED revision 2 desired 0 running 0 pending 0 healthy 0 failed 3: ECS deployment circuit breaker: tasks failed to start.",
      ],
      "events": [
        "    60 (service api) has started 1 tasks: (task T2).",
        "    60 (service api) registered 1 targets in (target-group G)",
        "    66 (service api) (task T2) (port 80) is unhealthy in (target-group G) due to (reason Health checks failed with these codes: [404]).",
        "    66 (service api) has stopped 1 running tasks: (task T2).",
        "    66 (service api) deregistered 1 targets in (target-group G)",
        "    66 (service api, taskSet D2) has begun draining connections on 1 tasks.",
        "    72 (service api) has started 1 tasks: (task T3).",
        "    72 (service api) registered 1 targets in (target-group G)",
        "    78 (service api) (task T3) (port 80) is unhealthy in (target-group G) due to (reason Health checks failed with these codes: [404]).",
        "    78 (service api) has stopped 1 running tasks: (task T3).",
        "    78 (service api) deregistered 1 targets in (target-group G)",
        "    78 (service api, taskSet D2) has begun draining connections on 1 tasks.",
        "    84 (service api) has started 1 tasks: (task T4).",
        "    84 (service api) registered 1 targets in (target-group G)",
        "    90 (service api) (task T4) (port 80) is unhealthy in (target-group G) due to (reason Health checks failed with these codes: [404]).",
        "    90 (service api) has stopped 1 running tasks: (task T4).",
        "    90 (service api) deregistered 1 targets in (target-group G)",
        "    90 (service api, taskSet D2) has begun draining connections on 1 tasks.",
        "    90 (service api) (deployment D2) deployment failed: tasks failed to start.",
        "    90 (service api) rolling back to deployment D1.",
        "    90 (service api) (deployment D1) deployment completed.",
        "    90 (service api) has reached a steady state.",
      ],
      "stops": [
        "T2 ServiceSchedulerInitiated: Task failed ELB health checks in (target-group G) (web exit 0)",
        "T3 ServiceSchedulerInitiated: Task failed ELB health checks in (target-group G) (web exit 0)",
        "T4 ServiceSchedulerInitiated: Task failed ELB health checks in (target-group G) (web exit 0)",
      ],
    }
  `);
});

test("a version whose image is missing is rolled back after three tasks, slowed down by the back-off", () => {
  const world = secondVersion({ missing: true }, { desired: 2 });
  world.wait(60);
  expect(told(world)).toMatchInlineSnapshot(`
    {
      "deployments": [
        "D1 PRIMARY COMPLETED revision 1 desired 2 running 2 pending 0 healthy 2 failed 0: ECS deployment D1 completed.",
        "D2 INACTIVE FAILED revision 2 desired 0 running 0 pending 0 healthy 0 failed 3: ECS deployment circuit breaker: tasks failed to start.",
      ],
      "events": [
        "    60 (service api) has started 2 tasks: (task T3) (task T4).",
        "    60 (service api) was unable to place a task. Reason: CannotPullContainerError: pull access denied for web.",
        "    60 (service api) was unable to place a task. Reason: CannotPullContainerError: pull access denied for web.",
        "    63 (service api) has started 2 tasks: (task T5) (task T6).",
        "    63 (service api) was unable to place a task. Reason: CannotPullContainerError: pull access denied for web.",
        "    63 (service api) (deployment D2) deployment failed: tasks failed to start.",
        "    63 (service api) rolling back to deployment D1.",
        "    63 (service api) stopped 1 pending tasks.",
        "    63 (service api) (deployment D1) deployment completed.",
        "    63 (service api) has reached a steady state.",
      ],
      "stops": [
        "T3 TaskFailedToStart: CannotPullContainerError: pull access denied for web (web CannotPullContainerError: pull access denied for web)",
        "T4 TaskFailedToStart: CannotPullContainerError: pull access denied for web (web CannotPullContainerError: pull access denied for web)",
        "T5 TaskFailedToStart: CannotPullContainerError: pull access denied for web (web CannotPullContainerError: pull access denied for web)",
        "T6 ServiceSchedulerInitiated: Scaling activity initiated by (deployment D2) (web CannotPullContainerError: pull access denied for web)",
      ],
    }
  `);
});

test("a version that cannot be started is rolled back", () => {
  const world = secondVersion({ startFails: true });
  world.wait(60);
  expect(world.stops()).toMatchInlineSnapshot(`
    [
      "T2 TaskFailedToStart: CannotStartContainerError: exec format error (web CannotStartContainerError: exec format error)",
      "T3 TaskFailedToStart: CannotStartContainerError: exec format error (web CannotStartContainerError: exec format error)",
      "T4 TaskFailedToStart: CannotStartContainerError: exec format error (web CannotStartContainerError: exec format error)",
    ]
  `);
  expect(world.deployments()).toMatchInlineSnapshot(`
    [
      "D1 PRIMARY COMPLETED revision 1 desired 1 running 1 pending 0 healthy 1 failed 0: ECS deployment D1 completed.",
      "D2 INACTIVE FAILED revision 2 desired 0 running 0 pending 0 healthy 0 failed 3: ECS deployment circuit breaker: tasks failed to start.",
    ]
  `);
});

test("an out-of-memory kill is named", () => {
  const world = secondVersion({ check: () => refused, exitsAfter: 1, exitCode: 137, outOfMemory: true });
  world.wait(60);
  expect(world.stops()).toMatchInlineSnapshot(`
    [
      "T2 EssentialContainerExited: Essential container in task exited (web exit 137 OutOfMemoryError: Container killed due to memory usage)",
      "T3 EssentialContainerExited: Essential container in task exited (web exit 137 OutOfMemoryError: Container killed due to memory usage)",
      "T4 EssentialContainerExited: Essential container in task exited (web exit 137 OutOfMemoryError: Container killed due to memory usage)",
    ]
  `);
});

test("the old version never has fewer tasks than it had, whatever the new one does", () => {
  for (const behaviour of [
    { exitsAfter: 0 },
    { check: () => refused, exitsAfter: 3 },
    { check: () => refused },
    { missing: true },
  ]) {
    const world = secondVersion(behaviour, { desired: 3 });
    world.until("the roll-back", () => {
      const healthy = world.running().filter((task) => task.containers[0]?.imageId === "sha256:one").length;
      expect(healthy).toBe(3);
      return world.service().deployments[0]?.rolloutState === "COMPLETED";
    });
  }
});

test("with a minimum of 50 per cent the roll-back starts the old version's tasks again, from the pinned image", () => {
  const world = secondVersion({ check: () => refused }, { desired: 4, minimum: 50, maximum: 100 });
  world.wait(200);
  expect(told(world)).toMatchInlineSnapshot(`
    {
      "deployments": [
        "D1 PRIMARY COMPLETED revision 1 desired 4 running 4 pending 0 healthy 4 failed 0: ECS deployment D1 completed.",
        "D2 INACTIVE FAILED revision 2 desired 0 running 0 pending 0 healthy 0 failed 3: ECS deployment circuit breaker: tasks failed to start.",
      ],
      "events": [
        "    60 (service api) has stopped 2 running tasks: (task T1) (task T2).",
        "    60 (service api) deregistered 2 targets in (target-group G)",
        "    60 (service api, taskSet D1) has begun draining connections on 2 tasks.",
        "    66 (service api) has started 1 tasks: (task T5).",
        "    66 (service api) has started 1 tasks: (task T6).",
        "    66 (service api) registered 1 targets in (target-group G)",
        "    66 (service api) registered 1 targets in (target-group G)",
        "    72 (service api) (task T5) (port 80) is unhealthy in (target-group G) due to (reason Health checks failed).",
        "    72 (service api) has stopped 1 running tasks: (task T5).",
        "    72 (service api) deregistered 1 targets in (target-group G)",
        "    72 (service api, taskSet D2) has begun draining connections on 1 tasks.",
        "    78 (service api) has started 1 tasks: (task T7). Amazon ECS replaced 1 tasks due to an unhealthy status.",
        "    78 (service api) (task T6) (port 80) is unhealthy in (target-group G) due to (reason Health checks failed).",
        "    78 (service api) has stopped 1 running tasks: (task T6).",
        "    78 (service api) deregistered 1 targets in (target-group G)",
        "    78 (service api, taskSet D2) has begun draining connections on 1 tasks.",
        "    78 (service api) registered 1 targets in (target-group G)",
        "    84 (service api) has started 1 tasks: (task T8). Amazon ECS replaced 1 tasks due to an unhealthy status.",
        "    84 (service api) (task T7) (port 80) is unhealthy in (target-group G) due to (reason Health checks failed).",
        "    84 (service api) has stopped 1 running tasks: (task T7).",
        "    84 (service api) deregistered 1 targets in (target-group G)",
        "    84 (service api, taskSet D2) has begun draining connections on 1 tasks.",
        "    84 (service api) (deployment D2) deployment failed: tasks failed to start.",
        "    84 (service api) rolling back to deployment D1.",
        "    84 (service api) stopped 1 pending tasks.",
        "    84 (service api) has started 1 tasks: (task T9).",
        "    84 (service api) registered 1 targets in (target-group G)",
        "    90 (service api) has started 1 tasks: (task T10).",
        "    90 (service api) registered 1 targets in (target-group G)",
        "    90 (service api) (deployment D1) deployment completed.",
        "    90 (service api) has reached a steady state.",
      ],
      "stops": [
        "T1 ServiceSchedulerInitiated: Scaling activity initiated by (deployment D1) (web exit 0)",
        "T2 ServiceSchedulerInitiated: Scaling activity initiated by (deployment D1) (web exit 0)",
        "T5 ServiceSchedulerInitiated: Task failed ELB health checks in (target-group G) (web exit 0)",
        "T6 ServiceSchedulerInitiated: Task failed ELB health checks in (target-group G) (web exit 0)",
        "T7 ServiceSchedulerInitiated: Task failed ELB health checks in (target-group G) (web exit 0)",
        "T8 ServiceSchedulerInitiated: Scaling activity initiated by (deployment D2) (web)",
      ],
    }
  `);
  expect(world.running().map((task) => task.containers[0]?.imageId)).toEqual(Array(4).fill("sha256:one"));
});

test("an unchanged tag: after the roll-back the old program runs, and goes on after a crash", () => {
  const world = new World({ speed: 10, images: { "sha256:two": { exitsAfter: 0 } }, resolves: "sha256:one" });
  world.deploy(webSpec({ unpinned: true }));
  world.wait(60);
  world.options.resolves = "sha256:two";
  world.deploy(webSpec({ unpinned: true }), true);
  world.wait(60);
  const [task] = world.running();
  world.send({
    type: "container-exited",
    task: task?.id ?? "",
    container: "web",
    attempt: 1,
    exitCode: 1,
    outOfMemory: false,
    at: world.now,
  });
  world.wait(60);
  expect(world.running().map(({ containers }) => containers[0]?.imageId)).toEqual(["sha256:one"]);
  expect(world.deployments()).toMatchInlineSnapshot(`
    [
      "D1 PRIMARY COMPLETED revision 1 desired 1 running 1 pending 0 healthy 1 failed 0: ECS deployment D1 completed.",
      "D2 INACTIVE FAILED revision 1 desired 0 running 0 pending 0 healthy 0 failed 3: ECS deployment circuit breaker: tasks failed to start.",
    ]
  `);
});

describe("a first deployment that fails", () => {
  test("leaves no task running; the next one works, without a clean-up between them", () => {
    const world = new World({ speed: 10, images: { "sha256:bad": { check: () => refused } } });
    world.deploy(webSpec({ desired: 2, image: "sha256:bad" }));
    world.wait(300);
    expect(told(world).deployments).toMatchInlineSnapshot(`
      [
        "D1 PRIMARY FAILED revision 1 desired 0 running 0 pending 0 healthy 0 failed 4: ECS deployment circuit breaker: tasks failed to start.",
      ]
    `);
    expect(world.running()).toEqual([]);
    world.deploy(webSpec({ desired: 2, image: "sha256:good" }));
    world.wait(60);
    expect(world.deployments()).toMatchInlineSnapshot(`
      [
        "D2 PRIMARY COMPLETED revision 2 desired 2 running 2 pending 0 healthy 2 failed 0: ECS deployment D2 completed.",
        "D1 INACTIVE FAILED revision 1 desired 0 running 0 pending 0 healthy 0 failed 4: ECS deployment circuit breaker: tasks failed to start.",
      ]
    `);
    expect(world.running().length).toBe(2);
    expect(world.events().map((text) => text.slice(7))).toMatchInlineSnapshot(`
      [
        "(service api) has started 2 tasks: (task T1) (task T2).",
        "(service api) registered 1 targets in (target-group G)",
        "(service api) registered 1 targets in (target-group G)",
        "(service api) has started 2 tasks: (task T3) (task T4). Amazon ECS replaced 2 tasks due to an unhealthy status.",
        "(service api) registered 1 targets in (target-group G)",
        "(service api) registered 1 targets in (target-group G)",
        "(service api) (task T3) (port 80) is unhealthy in (target-group G) due to (reason Health checks failed).",
        "(service api) has stopped 1 running tasks: (task T3).",
        "(service api) (task T1) (port 80) is unhealthy in (target-group G) due to (reason Health checks failed).",
        "(service api) has stopped 1 running tasks: (task T1).",
        "(service api) deregistered 2 targets in (target-group G)",
        "(service api, taskSet D1) has begun draining connections on 2 tasks.",
        "(service api) has started 1 tasks: (task T5). Amazon ECS replaced 1 tasks due to an unhealthy status.",
        "(service api) has started 1 tasks: (task T6). Amazon ECS replaced 1 tasks due to an unhealthy status.",
        "(service api) registered 1 targets in (target-group G)",
        "(service api) registered 1 targets in (target-group G)",
        "(service api) (task T4) (port 80) is unhealthy in (target-group G) due to (reason Health checks failed).",
        "(service api) has stopped 1 running tasks: (task T4).",
        "(service api) (task T2) (port 80) is unhealthy in (target-group G) due to (reason Health checks failed).",
        "(service api) has stopped 1 running tasks: (task T2).",
        "(service api) deregistered 2 targets in (target-group G)",
        "(service api, taskSet D1) has begun draining connections on 2 tasks.",
        "(service api) (deployment D1) deployment failed: tasks failed to start.",
        "(service api) has stopped 2 running tasks: (task T5) (task T6).",
        "(service api) deregistered 2 targets in (target-group G)",
        "(service api, taskSet D1) has begun draining connections on 2 tasks.",
        "(service api) has started 2 tasks: (task T7) (task T8).",
        "(service api) registered 1 targets in (target-group G)",
        "(service api) registered 1 targets in (target-group G)",
        "(service api) (deployment D2) deployment completed.",
        "(service api) has reached a steady state.",
      ]
    `);
  });

  test("can be tried again as it is", () => {
    const images: Record<string, Behaviour> = { "sha256:one": { missing: true } };
    const world = new World({ speed: 10, images });
    world.deploy(webSpec());
    world.wait(60);
    images["sha256:one"] = {};
    world.deploy(webSpec());
    world.wait(60);
    expect(world.deployments()).toMatchInlineSnapshot(`
      [
        "D2 PRIMARY COMPLETED revision 1 desired 1 running 1 pending 0 healthy 1 failed 0: ECS deployment D2 completed.",
        "D1 INACTIVE FAILED revision 1 desired 0 running 0 pending 0 healthy 0 failed 3: ECS deployment circuit breaker: tasks failed to start.",
      ]
    `);
  });
});

test("without roll-back the failed deployment stays where it is and the old version serves", () => {
  for (const options of [{ rollback: false }, { noRollback: true }]) {
    const world = secondVersion({ exitsAfter: 0 }, { desired: 2, ...options });
    world.wait(60);
    expect(world.deployments()).toEqual([
      "D2 PRIMARY FAILED revision 2 desired 0 running 0 pending 0 healthy 0 failed 3: ECS deployment circuit breaker: tasks failed to start.",
      "D1 ACTIVE COMPLETED revision 1 desired 2 running 2 pending 0 healthy 2 failed 0: ECS deployment D1 completed.",
    ]);
    const [task] = world.running();
    world.send({ type: "stop-task", task: task?.id ?? "" });
    world.wait(60);
    expect(world.running().map(({ deploymentId }) => world.normalise(deploymentId))).toEqual(["D1", "D1"]);
  }
});

test("without the breaker a deployment never fails; the starts become rare", () => {
  const world = new World({ images: { "sha256:one": { missing: true } } });
  world.deploy(webSpec({ breaker: false }));
  world.wait(2 * 3600);
  expect(world.events().filter((text) => text.includes("has started"))).toMatchInlineSnapshot(`
    [
      "     0 (service api) has started 1 tasks: (task T1).",
      "    30 (service api) has started 1 tasks: (task T2).",
      "    60 (service api) has started 1 tasks: (task T3).",
      "   360 (service api) has started 1 tasks: (task T4).",
      "   960 (service api) has started 1 tasks: (task T5).",
      "  2580 (service api) has started 1 tasks: (task T6).",
      "  4200 (service api) has started 1 tasks: (task T7).",
      "  5820 (service api) has started 1 tasks: (task T8).",
    ]
  `);
  expect(world.events().find((text) => text.includes("consistently"))).toMatchInlineSnapshot(
    `"    60 (service api) is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide."`,
  );
  expect(world.deployments()).toMatchInlineSnapshot(`
    [
      "D1 PRIMARY IN_PROGRESS revision 1 desired 1 running 0 pending 0 healthy 0 failed 8: ECS deployment D1 in progress.",
    ]
  `);
});

test("a healthy task zeroes the count: the breaker wants failures in a row", () => {
  const images: Record<string, Behaviour> = { "sha256:two": { exitsAfter: 0 } };
  const world = new World({ speed: 10, images });
  world.deploy(webSpec());
  world.wait(60);
  world.deploy(webSpec({ image: "sha256:two" }));
  world.wait(1.5);
  expect(world.service().deployments[0]).toMatchObject({ breaker: { stage: 2, count: 2 }, failedTasks: 2 });
  images["sha256:two"] = {};
  world.wait(10);
  expect(world.service().deployments[0]).toMatchObject({
    breaker: { stage: 2, count: 0 },
    failedTasks: 0,
    rolloutState: "COMPLETED",
  });
});

test("the user gives up a deployment: back to the last completed one", () => {
  const world = secondVersion({ check: () => refused });
  world.wait(3);
  const [deployment] = world.service().deployments;
  world.send({
    type: "stop-deployment",
    serviceId: SERVICE,
    deploymentId: deployment?.id ?? "",
    reason: "the user asked for it.",
  });
  world.wait(60);
  expect(told(world)).toMatchInlineSnapshot(`
    {
      "deployments": [
        "D1 PRIMARY COMPLETED revision 1 desired 1 running 1 pending 0 healthy 1 failed 0: ECS deployment D1 completed.",
        "D2 INACTIVE FAILED revision 2 desired 0 running 0 pending 0 healthy 0 failed 0: Service deployment rolled back because the user asked for it",
      ],
      "events": [
        "    60 (service api) has started 1 tasks: (task T2).",
        "    60 (service api) registered 1 targets in (target-group G)",
        "    63 (service api) (deployment D2) deployment failed: Service deployment rolled back because the user asked for it.",
        "    63 (service api) rolling back to deployment D1.",
        "    63 (service api) has stopped 1 running tasks: (task T2).",
        "    63 (service api) deregistered 1 targets in (target-group G)",
        "    63 (service api, taskSet D2) has begun draining connections on 1 tasks.",
        "    63 (service api) (deployment D1) deployment completed.",
        "    63 (service api) has reached a steady state.",
      ],
      "stops": [
        "T2 ServiceSchedulerInitiated: Scaling activity initiated by (deployment D2) (web exit 0)",
      ],
    }
  `);
});

test("the user gives up a first deployment: down to nothing", () => {
  const world = new World({ speed: 10, images: { "sha256:one": { check: () => refused } } });
  const deploymentId = world.deploy(webSpec({ desired: 2 }));
  world.wait(3);
  world.send({ type: "stop-deployment", serviceId: SERVICE, deploymentId, reason: "the user asked for it" });
  world.wait(60);
  expect(world.deployments()).toMatchInlineSnapshot(`
    [
      "D1 PRIMARY FAILED revision 1 desired 0 running 0 pending 0 healthy 0 failed 0: Service deployment stopped because the user asked for it",
    ]
  `);
  expect(world.events().filter((text) => text.includes("failed"))).toMatchInlineSnapshot(`
    [
      "     3 (service api) (deployment D1) deployment failed: Service deployment stopped because the user asked for it.",
    ]
  `);
});

test("a roll-back that fails is not rolled back; its healthy tasks stay", () => {
  const images: Record<string, Behaviour> = { "sha256:two": { exitsAfter: 0 } };
  const world = new World({ speed: 10, images });
  world.deploy(webSpec({ desired: 2, minimum: 50, maximum: 100 }));
  world.wait(60);
  images["sha256:one"] = { missing: true };
  world.deploy(webSpec({ desired: 2, minimum: 50, maximum: 100, image: "sha256:two" }));
  world.wait(200);
  expect(world.deployments()).toMatchInlineSnapshot(`
    [
      "D1 PRIMARY FAILED revision 1 desired 1 running 1 pending 0 healthy 1 failed 3: ECS deployment circuit breaker: tasks failed to start.",
      "D2 INACTIVE FAILED revision 2 desired 0 running 0 pending 0 healthy 0 failed 3: ECS deployment circuit breaker: tasks failed to start.",
    ]
  `);
});

test.each([
  [0, 3],
  [1, 3],
  [6, 3],
  [7, 4],
  [25, 13],
  [400, 200],
  [800, 200],
])("the threshold of %i tasks is %i", (desired, threshold) => {
  expect(breakerThreshold(desired)).toBe(threshold);
});
