import { describe, expect, test } from "vitest";
import type { ContainerHealth } from "../../../../src/simulator/engine/state.ts";
import { check, dependsOn, deployed, sidecar } from "./containers.ts";

describe("a container that depends on another starts", () => {
  test("with START when the other has started", () => {
    const { story } = deployed({ web: dependsOn(["proxy", "START"]), sidecars: [sidecar("proxy")] });
    expect(story(1)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 0 RUNNING",
        "web: 0 start → 0 RUNNING",
        "proxy: 0 start → 0 RUNNING",
      ]
    `);
  });

  test("with START also when the other has ended meanwhile", () => {
    const { story } = deployed(
      {
        web: dependsOn(["setup", "START"], ["slow", "COMPLETE"]),
        sidecars: [sidecar("setup"), sidecar("slow")],
      },
      { setup: { exitsAfter: 1 }, slow: { exitsAfter: 5 } },
    );
    expect(story(6)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 5 RUNNING",
        "web: 5 start → 5 RUNNING",
        "setup: 0 start → 0 RUNNING → 1 STOPPED 1",
        "slow: 0 start → 0 RUNNING → 5 STOPPED 1",
      ]
    `);
  });

  test("with COMPLETE when the other has ended, however it did; the task is PENDING until then", () => {
    const { story } = deployed(
      { web: dependsOn(["warm-up", "COMPLETE"]), sidecars: [sidecar("warm-up")] },
      { "warm-up": { exitsAfter: 20, exitCode: 9 } },
    );
    expect(story(30)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 20 RUNNING",
        "web: 20 start → 20 RUNNING",
        "warm-up: 0 start → 0 RUNNING → 20 STOPPED 9",
      ]
    `);
  });

  test("with SUCCESS when the other has ended well", () => {
    const { story } = deployed(
      { web: dependsOn(["migrate", "SUCCESS"]), sidecars: [sidecar("migrate")] },
      { migrate: { exitsAfter: 20, exitCode: 0 } },
    );
    expect(story(30)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 20 RUNNING",
        "web: 20 start → 20 RUNNING",
        "migrate: 0 start → 0 RUNNING → 20 STOPPED 0",
      ]
    `);
  });

  test("with HEALTHY when the other's check has passed; one that fails first is waited for", () => {
    const { story } = deployed(
      { web: dependsOn(["cache", "HEALTHY"]), sidecars: [sidecar("cache", check)] },
      {
        cache: {
          health: [
            [10, "UNHEALTHY"],
            [25, "HEALTHY"],
          ],
        },
      },
    );
    expect(story(30)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 25 RUNNING",
        "web: 25 start → 25 RUNNING",
        "cache: 0 start → 0 RUNNING → 10 UNHEALTHY → 25 HEALTHY",
      ]
    `);
  });

  test("one after the other in a chain, side by side where nothing relates them", () => {
    const { story } = deployed(
      {
        web: dependsOn(["cache", "HEALTHY"], ["migrate", "SUCCESS"]),
        sidecars: [
          sidecar("migrate", dependsOn(["volume", "COMPLETE"])),
          sidecar("volume"),
          sidecar("cache", check),
          sidecar("log"),
        ],
      },
      {
        volume: { exitsAfter: 2, exitCode: 0 },
        migrate: { exitsAfter: 3, exitCode: 0 },
        cache: { health: [[4, "HEALTHY"]] },
      },
    );
    expect(story(10)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 5 RUNNING",
        "web: 5 start → 5 RUNNING",
        "migrate: 2 start → 2 RUNNING → 5 STOPPED 0",
        "volume: 0 start → 0 RUNNING → 2 STOPPED 0",
        "cache: 0 start → 0 RUNNING → 4 HEALTHY",
        "log: 0 start → 0 RUNNING",
      ]
    `);
  });
});

describe("a container that can never start", () => {
  test("because its dependency did not succeed ends with 143, and so does its task when it is essential", () => {
    const { world, story } = deployed(
      { web: dependsOn(["migrate", "SUCCESS"]), sidecars: [sidecar("migrate"), sidecar("log")] },
      { migrate: { exitsAfter: 20, exitCode: 1 } },
    );
    expect(story(22)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 20 STOPPING → 20 DEPROVISIONING → 20 STOPPED",
        "web: 20 STOPPED 143",
        "migrate: 0 start → 0 RUNNING → 20 STOPPED 1",
        "log: 0 start → 0 RUNNING → 20 stop → 20 STOPPED 0",
        "T1 TaskFailedToStart: CannotStartContainerError: dependency graph: failed to resolve container ordering dependency [migrate] for target [web] as dependency did not exit successfully. (web exit 143 CannotStartContainerError: dependency graph: failed to resolve container ordering dependency [migrate] for target [web] as dependency did not exit successfully., migrate exit 1, log exit 0)",
      ]
    `);
    expect(world.events()).toMatchInlineSnapshot(`
      [
        "     0 (service api) has started 1 tasks: (task T1).",
        "    20 (service api) was unable to place a task. Reason: CannotStartContainerError: dependency graph: failed to resolve container ordering dependency [migrate] for target [web] as dependency did not exit successfully.",
      ]
    `);
    expect(world.deployments()).toMatchInlineSnapshot(`
      [
        "D1 PRIMARY IN_PROGRESS revision 1 desired 1 running 0 pending 0 healthy 0 failed 1: ECS deployment D1 in progress.",
      ]
    `);
  });

  test("because its dependency took longer than the dependency's start time-out, at any speed", () => {
    for (const speed of [1, 10]) {
      const { world, story } = deployed(
        { web: dependsOn(["cache", "HEALTHY"]), sidecars: [sidecar("cache", { ...check, startTimeout: 60 })] },
        { cache: { health: [[30, "UNHEALTHY"]] } },
      );
      world.send({ type: "set-speed", speed });
      expect(story(61)).toMatchInlineSnapshot(`
        [
          "0 PENDING → 60 STOPPING → 60 DEPROVISIONING → 60 STOPPED",
          "web: 60 STOPPED 143",
          "cache: 0 start → 0 RUNNING → 30 UNHEALTHY → 60 stop → 60 STOPPED 0",
          "T1 TaskFailedToStart: CannotStartContainerError: dependency graph: container ordering dependency [cache] for target [web] has timed out. (web exit 143 CannotStartContainerError: dependency graph: container ordering dependency [cache] for target [web] has timed out., cache exit 0)",
        ]
      `);
    }
  });

  test("is given up alone when it is not essential, with those that need it", () => {
    const { story } = deployed(
      {
        sidecars: [
          sidecar("report", dependsOn(["probe", "START"])),
          sidecar("probe", dependsOn(["broken", "SUCCESS"])),
          sidecar("broken"),
        ],
      },
      { broken: { exitsAfter: 4, exitCode: 2 } },
    );
    expect(story(50)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 4 RUNNING",
        "web: 0 start → 0 RUNNING",
        "report: 4 STOPPED 143",
        "probe: 4 STOPPED 143",
        "broken: 0 start → 0 RUNNING → 4 STOPPED 2",
      ]
    `);
  });

  test("because its dependency cannot be started", () => {
    const { story } = deployed(
      { web: dependsOn(["proxy", "START"]), sidecars: [sidecar("proxy")] },
      { proxy: { startFails: true } },
    );
    expect(story(1)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 0 DEPROVISIONING → 0 STOPPED",
        "web: 0 STOPPED 143",
        "proxy: 0 start → 0 STOPPED",
        "T1 TaskFailedToStart: CannotStartContainerError: dependency graph: failed to resolve container ordering dependency [proxy] for target [web] because dependency will never start (web exit 143 CannotStartContainerError: dependency graph: failed to resolve container ordering dependency [proxy] for target [web] because dependency will never start, proxy CannotStartContainerError: exec format error)",
      ]
    `);
  });

  test("because its dependency is not there", () => {
    const { story } = deployed({ web: dependsOn(["nobody", "START"]), sidecars: [] });
    expect(story(1)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 0 DEPROVISIONING → 0 STOPPED",
        "web: 0 STOPPED 143",
        "T1 TaskFailedToStart: CannotStartContainerError: dependency graph: container ordering dependency [nobody] for target [web] does not exist. (web exit 143 CannotStartContainerError: dependency graph: container ordering dependency [nobody] for target [web] does not exist.)",
      ]
    `);
  });

  test("has no time-out with START, nor when the dependency has none, nor once a dependency holds", () => {
    const { story } = deployed(
      {
        web: dependsOn(["cache", "HEALTHY"], ["migrate", "COMPLETE"]),
        sidecars: [sidecar("cache", { ...check, startTimeout: 10 }), sidecar("migrate")],
      },
      { cache: { health: [[5, "HEALTHY"]] }, migrate: { exitsAfter: 2000 } },
    );
    expect(story(3000)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 2000 RUNNING",
        "web: 2000 start → 2000 RUNNING",
        "cache: 0 start → 0 RUNNING → 5 HEALTHY",
        "migrate: 0 start → 0 RUNNING → 2000 STOPPED 1",
      ]
    `);
  });
});

test("HEALTHY of a container that has ended is waited for without limit, unless it was HEALTHY before", () => {
  const wait = (health: ContainerHealth): string[] =>
    deployed(
      {
        web: dependsOn(["cache", "HEALTHY"], ["migrate", "SUCCESS"]),
        sidecars: [sidecar("cache", { ...check, startTimeout: 60 }), sidecar("migrate")],
      },
      { cache: { health: [[5, health]], exitsAfter: 20 }, migrate: { exitsAfter: 30, exitCode: 0 } },
    ).story(1000);
  expect([wait("UNHEALTHY"), wait("HEALTHY")]).toMatchInlineSnapshot(`
    [
      [
        "0 PENDING",
        "web: ",
        "cache: 0 start → 0 RUNNING → 5 UNHEALTHY → 20 STOPPED 1",
        "migrate: 0 start → 0 RUNNING → 30 STOPPED 0",
      ],
      [
        "0 PENDING → 30 RUNNING",
        "web: 30 start → 30 RUNNING",
        "cache: 0 start → 0 RUNNING → 5 HEALTHY → 20 STOPPED 1",
        "migrate: 0 start → 0 RUNNING → 30 STOPPED 0",
      ],
    ]
  `);
});

test("dependencies that no order can satisfy end the task before anything of it starts", () => {
  const circle = deployed({ web: dependsOn(["a", "START"]), sidecars: [sidecar("a", dependsOn(["web", "START"]))] });
  const unchecked = deployed({ web: dependsOn(["a", "HEALTHY"]), sidecars: [sidecar("a")] });
  expect([circle.story(1), unchecked.story(1)]).toMatchInlineSnapshot(`
    [
      [
        "0 PENDING → 0 DEPROVISIONING → 0 STOPPED",
        "web: 0 STOPPED",
        "a: 0 STOPPED",
        "T1 TaskFailedToStart: TaskDependencyError: Task dependencies cannot be resolved, taskArn: arn:aws:ecs:local:000000000000:task/shop-local/T1 (web, a)",
      ],
      [
        "0 PENDING → 0 DEPROVISIONING → 0 STOPPED",
        "web: 0 STOPPED",
        "a: 0 STOPPED",
        "T1 TaskFailedToStart: TaskDependencyError: Task dependencies cannot be resolved, taskArn: arn:aws:ecs:local:000000000000:task/shop-local/T1 (web, a)",
      ],
    ]
  `);
});

test("a secret that is not there ends the task before anything of it starts, in Fargate's words", () => {
  const message =
    "unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s)";
  const { world, story } = deployed(
    { web: dependsOn(["proxy", "START"]), sidecars: [sidecar("proxy")] },
    { web: { unresolved: { name: "ResourceInitializationError", message } } },
  );
  expect(story(1)).toMatchInlineSnapshot(`
    [
      "0 PENDING → 0 DEPROVISIONING → 0 STOPPED",
      "web: 0 STOPPED",
      "proxy: 0 STOPPED",
      "T1 TaskFailedToStart: ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s) (web ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s), proxy ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s))",
    ]
  `);
  expect(world.events()).toMatchInlineSnapshot(`
    [
      "     0 (service api) has started 1 tasks: (task T1).",
      "     0 (service api) was unable to place a task. Reason: ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s).",
    ]
  `);
});
