import { describe, expect, test } from "vitest";
import type { Input } from "../../../../src/simulator/engine/inputs.ts";
import type { ContainerHealth } from "../../../../src/simulator/engine/state.ts";
import { type ContainerDefinition, webSpec } from "./plans.ts";
import { type Behaviour, SERVICE, World } from "./world.ts";

const dependsOn = (...pairs: [string, "START" | "COMPLETE" | "SUCCESS" | "HEALTHY"][]): ContainerDefinition => ({
  dependsOn: pairs.map(([containerName, condition]) => ({ containerName, condition })),
});
const check = { healthCheck: { command: ["CMD-SHELL", "true"] } };

/** A container that is not essential, with an image of its own name. */
function sidecar(name: string, more: ContainerDefinition = {}): ContainerDefinition {
  return { name, image: `sha256:${name}`, essential: false, ...more };
}

/** One task of these containers, `web` first; what each does is told by its name. */
function deployed(
  containers: { web?: ContainerDefinition; sidecars: ContainerDefinition[] },
  behaviours: Record<string, Behaviour> = {},
  options: Parameters<typeof webSpec>[0] = {},
): { world: World; task: string; story: (seconds: number) => string[] } {
  const images = Object.fromEntries(Object.entries(behaviours).map(([name, each]) => [`sha256:${name}`, each]));
  const world = new World({ images });
  world.deploy(webSpec({ image: "sha256:web", loadBalancer: false, ...containers, ...options }));
  const task = world.tasks()[0]?.id ?? "";
  const story = (seconds: number): string[] => {
    world.wait(seconds);
    const stop = world.stops().find((text) => text.startsWith(world.normalise(task))) ?? [];
    return [world.ladder(task), ...world.containers(task), ...[stop].flat()];
  };
  return { world, task, story };
}

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

describe("stopping", () => {
  test("goes in reverse order: who depends on others ends first, and each has its own time-out from its own signal", () => {
    const { world, task, story } = deployed(
      {
        web: { ...dependsOn(["proxy", "START"]), stopTimeout: 20 },
        sidecars: [
          sidecar("proxy", { ...dependsOn(["cache", "HEALTHY"]), stopTimeout: 10 }),
          sidecar("cache", { ...check, stopTimeout: 5 }),
          sidecar("log", { stopTimeout: 120 }),
        ],
      },
      {
        web: { stopsIn: 1000 },
        proxy: { stopsIn: 3 },
        cache: { stopsIn: 1000, health: [[1, "HEALTHY"]] },
        log: { stopsIn: 7 },
      },
    );
    world.wait(100);
    world.send({ type: "stop-task", task });
    expect(story(100)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 1 RUNNING → 100 STOPPING → 128 DEPROVISIONING → 128 STOPPED",
        "web: 1 start → 1 RUNNING → 100 stop → 120 STOPPED 137",
        "proxy: 1 start → 1 RUNNING → 120 stop → 123 STOPPED 0",
        "cache: 0 start → 0 RUNNING → 1 HEALTHY → 123 stop → 128 STOPPED 137",
        "log: 0 start → 0 RUNNING → 100 stop → 107 STOPPED 0",
        "T1 UserInitiated: Task stopped by user (web exit 137, proxy exit 0, cache exit 137, log exit 0)",
      ]
    `);
  });

  test("comes after draining, and a second request changes nothing", () => {
    const { world, task, story } = deployed(
      { web: dependsOn(["proxy", "START"]), sidecars: [sidecar("proxy")] },
      { web: { stopsIn: 2 } },
      { loadBalancer: true },
    );
    world.wait(10);
    world.send({ type: "stop-task", task, reason: "first" });
    world.wait(5);
    world.send({ type: "stop-task", task, reason: "second" });
    expect(story(100)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 0 RUNNING → 10 DEACTIVATING → 70 STOPPING → 72 DEPROVISIONING → 72 STOPPED",
        "web: 0 start → 0 RUNNING → 70 stop → 72 STOPPED 0",
        "proxy: 0 start → 0 RUNNING → 72 stop → 72 STOPPED 0",
        "T1 UserInitiated: first (web exit 0, proxy exit 0)",
      ]
    `);
  });

  test("while init containers run ends those, and what waits for them never starts", () => {
    const { world, task, story } = deployed(
      { web: dependsOn(["migrate", "SUCCESS"]), sidecars: [sidecar("migrate")] },
      { migrate: { exitsAfter: 20, exitCode: 0, stopsIn: 4 } },
    );
    world.wait(5);
    world.send({ type: "stop-task", task });
    expect(story(20)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 5 STOPPING → 9 DEPROVISIONING → 9 STOPPED",
        "web: 5 STOPPED",
        "migrate: 0 start → 0 RUNNING → 5 stop → 9 STOPPED 0",
        "T1 UserInitiated: Task stopped by user (web, migrate exit 0)",
      ]
    `);
  });

  test("an init container that ends well just then starts nothing more", () => {
    const { world, task, story } = deployed(
      { web: dependsOn(["migrate", "SUCCESS"]), sidecars: [sidecar("migrate")] },
      { migrate: { exitsAfter: 5, exitCode: 0, stopsIn: 10 } },
    );
    world.wait(3);
    world.send({ type: "stop-task", task });
    expect(story(20)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 3 STOPPING → 5 DEPROVISIONING → 5 STOPPED",
        "web: 3 STOPPED",
        "migrate: 0 start → 0 RUNNING → 3 stop → 5 STOPPED 0",
        "T1 UserInitiated: Task stopped by user (web, migrate exit 0)",
      ]
    `);
  });

  test("a service that is deleted while init containers run is gone when they have ended", () => {
    const { world, task } = deployed(
      { web: dependsOn(["migrate", "SUCCESS"]), sidecars: [sidecar("migrate")] },
      { migrate: { stopsIn: 4 } },
    );
    world.wait(5);
    world.send({ type: "delete-service", serviceId: SERVICE });
    expect(world.service().status).toBe("INACTIVE");
    expect(world.events().slice(-1)).toMatchInlineSnapshot(`
      [
        "     5 (service api) stopped 1 pending tasks.",
      ]
    `);
    world.wait(10);
    expect([world.ladder(task), world.state]).toMatchInlineSnapshot(`
      [
        "0 PENDING → 5 STOPPING → 9 DEPROVISIONING",
        {
          "services": {},
          "speed": 1,
          "tasks": {},
        },
      ]
    `);
  });

  test("before the task has been made waits for that, however it ends", () => {
    const ends = ["task-prepared", "task-prepare-failed"].map((type) => {
      const world = new World();
      const spec = webSpec({ web: dependsOn(["migrate", "SUCCESS"]), sidecars: [sidecar("migrate")] });
      world.only({ type: "update-service", serviceId: SERVICE, spec, force: false });
      const task = world.tasks()[0]?.id ?? "";
      world.only({ type: "stop-task", task });
      const error = { name: "ResourceInitializationError", message: "unable to pull secrets" };
      world.send({ type, task, ports: {}, images: {}, error } as Input);
      return [world.ladder(task), ...world.containers(task), world.stops()[0]];
    });
    expect(ends).toMatchInlineSnapshot(`
      [
        [
          "0 PENDING → 0 DEPROVISIONING → 0 STOPPED",
          "web: 0 STOPPED",
          "migrate: 0 STOPPED",
          "T1 UserInitiated: Task stopped by user (web, migrate)",
        ],
        [
          "0 PENDING → 0 DEPROVISIONING → 0 STOPPED",
          "web: 0 STOPPED",
          "migrate: 0 STOPPED",
          "T1 UserInitiated: Task stopped by user (web ResourceInitializationError: unable to pull secrets, migrate ResourceInitializationError: unable to pull secrets)",
        ],
      ]
    `);
  });

  test("a container that is just being started is waited for before what it depends on is stopped", () => {
    const world = new World();
    const spec = webSpec({ web: dependsOn(["proxy", "START"]), sidecars: [sidecar("proxy")] });
    world.only({ type: "update-service", serviceId: SERVICE, spec, force: false });
    const task = world.tasks()[0]?.id ?? "";
    const proxy = { task, container: "proxy", attempt: 1, at: world.now };
    world.only({ type: "task-prepared", task, ports: {}, images: {} });
    world.only({ type: "container-started", ...proxy, runtimeId: "p" });
    world.only({ type: "stop-task", task });
    const asked = (): string[] =>
      world.effects.splice(0).map((each) => `${each.type} ${"container" in each ? each.container : ""}`);
    asked();
    world.only({ type: "container-started", ...proxy, container: "web", runtimeId: "w" });
    expect(asked()).toEqual(["stop-container web"]);
    world.only({ type: "container-exited", ...proxy, container: "web", exitCode: 0, outOfMemory: false });
    expect(asked()).toEqual(["stop-container proxy"]);
    world.only({ type: "container-stopped", ...proxy });
    expect(asked()).toEqual(["remove-task "]);
  });
});

describe("essential", () => {
  test("is what says nothing: its end stops all the others, in their order", () => {
    const { story } = deployed(
      {
        web: dependsOn(["proxy", "START"]),
        sidecars: [{ name: "proxy", image: "sha256:proxy" }, sidecar("log")],
      },
      { proxy: { exitsAfter: 60, exitCode: 0 }, web: { stopsIn: 3 } },
    );
    expect(story(70)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 0 RUNNING → 60 STOPPING → 63 DEPROVISIONING → 63 STOPPED",
        "web: 0 start → 0 RUNNING → 60 stop → 63 STOPPED 0",
        "proxy: 0 start → 0 RUNNING → 60 STOPPED 0",
        "log: 0 start → 0 RUNNING → 60 stop → 60 STOPPED 0",
        "T1 EssentialContainerExited: Essential container in task exited (web exit 0, proxy exit 0, log exit 0)",
      ]
    `);
  });

  test("that ends while others still wait for their turn is a task that did not get to RUNNING", () => {
    const { world, story } = deployed(
      { sidecars: [sidecar("late", dependsOn(["slow", "COMPLETE"])), sidecar("slow")] },
      { web: { exitsAfter: 5, exitCode: 3 }, slow: { exitsAfter: 50 } },
    );
    expect(story(6)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 5 STOPPING → 5 DEPROVISIONING → 5 STOPPED",
        "web: 0 start → 0 RUNNING → 5 STOPPED 3",
        "late: 5 STOPPED",
        "slow: 0 start → 0 RUNNING → 5 stop → 5 STOPPED 0",
        "T1 EssentialContainerExited: Essential container in task exited (web exit 3, late, slow exit 0)",
      ]
    `);
    expect(world.deployments()).toMatchInlineSnapshot(`
      [
        "D1 PRIMARY IN_PROGRESS revision 1 desired 1 running 0 pending 0 healthy 0 failed 1: ECS deployment D1 in progress.",
      ]
    `);
  });

  test("that ends before its start was heard of starts nothing of what waited for it", () => {
    const world = new World();
    const spec = webSpec({ sidecars: [sidecar("after", dependsOn(["web", "START"]))], loadBalancer: false });
    world.only({ type: "update-service", serviceId: SERVICE, spec, force: false });
    const task = world.tasks()[0]?.id ?? "";
    world.only({ type: "task-prepared", task, ports: {}, images: {} });
    world.send({
      type: "container-exited",
      task,
      container: "web",
      attempt: 1,
      exitCode: 1,
      outOfMemory: false,
      at: world.now,
    });
    expect([world.ladder(task), ...world.containers(task)]).toMatchInlineSnapshot(`
      [
        "0 PENDING → 0 DEPROVISIONING → 0 STOPPED",
        "web: 0 start → 0 STOPPED 1",
        "after: 0 STOPPED",
      ]
    `);
  });

  test("is not a sidecar that runs out of memory: that is recorded and nothing else", () => {
    const { world, task, story } = deployed(
      { sidecars: [sidecar("log")] },
      { log: { exitsAfter: 60, exitCode: 137, outOfMemory: true } },
      { loadBalancer: true },
    );
    expect(story(100)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 0 RUNNING",
        "web: 0 start → 0 RUNNING",
        "log: 0 start → 0 RUNNING → 60 STOPPED 137",
      ]
    `);
    expect(world.state.tasks[task]?.containers[1]).toMatchObject({
      exitCode: 137,
      reason: "OutOfMemoryError: Container killed due to memory usage",
    });
    expect(world.running().length).toBe(1);
  });

  test("containers end in their order also when the one that holds their network is gone", () => {
    const { world, task, story } = deployed(
      { web: dependsOn(["proxy", "START"]), sidecars: [sidecar("proxy")] },
      { web: { stopsIn: 2 }, proxy: { stopsIn: 1 } },
    );
    world.wait(10);
    world.send({ type: "task-lost", task });
    expect(story(9)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 0 RUNNING → 10 STOPPING → 13 DEPROVISIONING → 13 STOPPED",
        "web: 0 start → 0 RUNNING → 10 stop → 12 STOPPED 0",
        "proxy: 0 start → 0 RUNNING → 12 stop → 13 STOPPED 0",
        "T1 EssentialContainerExited: Essential container in task exited: the container that holds the task's network is gone (web exit 0, proxy exit 0)",
      ]
    `);
  });

  test("containers that wait are given up when the one that holds their network is gone", () => {
    const { world, task, story } = deployed(
      { web: dependsOn(["migrate", "SUCCESS"]), sidecars: [sidecar("migrate")] },
      { migrate: { exitsAfter: 20 } },
    );
    world.wait(10);
    world.send({ type: "task-lost", task });
    expect(story(9)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 10 STOPPING → 10 DEPROVISIONING → 10 STOPPED",
        "web: 10 STOPPED",
        "migrate: 0 start → 0 RUNNING → 10 stop → 10 STOPPED 0",
        "T1 TaskFailedToStart: ContainerNetworkingError: the container that holds the task's network is gone (web, migrate exit 0)",
      ]
    `);
  });
});

describe("a restart policy", () => {
  const restartPolicy = { enabled: true, ignoredExitCodes: [0, 42], restartAttemptPeriod: 60 };

  test("starts a container again that has run for the attempt period; the next end before it is the last", () => {
    const { world, task, story } = deployed({ web: { restartPolicy }, sidecars: [] }, { web: { exitsAfter: 60 } });
    expect(story(119)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 0 RUNNING",
        "web: 0 start → 0 RUNNING → 60 start 2 → 60 RUNNING",
      ]
    `);
    world.send({
      type: "container-exited",
      task,
      container: "web",
      attempt: 2,
      exitCode: 1,
      outOfMemory: false,
      at: world.now,
    });
    expect(story(0)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 0 RUNNING → 119 DEPROVISIONING → 119 STOPPED",
        "web: 0 start → 0 RUNNING → 60 start 2 → 60 RUNNING → 119 STOPPED 1",
        "T1 EssentialContainerExited: Essential container in task exited (web exit 1)",
      ]
    `);
  });

  test("counts the time that the program ran, which no speed shortens", () => {
    const { world, story } = deployed({ web: { restartPolicy }, sidecars: [] }, { web: { exitsAfter: 59 } });
    world.send({ type: "set-speed", speed: 10 });
    expect(story(59)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 0 RUNNING → 59 DEPROVISIONING → 59 STOPPED",
        "web: 0 start → 0 RUNNING → 59 STOPPED 1",
        "T1 EssentialContainerExited: Essential container in task exited (web exit 1)",
      ]
    `);
  });

  test("leaves exit codes alone that it is to ignore", () => {
    const { story } = deployed({ web: { restartPolicy }, sidecars: [] }, { web: { exitsAfter: 100, exitCode: 42 } });
    expect(story(101)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 0 RUNNING → 100 DEPROVISIONING → 100 STOPPED",
        "web: 0 start → 0 RUNNING → 100 STOPPED 42",
        "T1 EssentialContainerExited: Essential container in task exited (web exit 42)",
      ]
    `);
  });

  test("restarts a sidecar for as long as its task runs, and not while it stops", () => {
    const { world, task, story } = deployed(
      { web: {}, sidecars: [sidecar("log", { restartPolicy })] },
      { log: { exitsAfter: 70, stopsIn: 20 }, web: { stopsIn: 20 } },
    );
    world.wait(200);
    world.send({ type: "stop-task", task });
    expect(story(50)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 0 RUNNING → 200 STOPPING → 220 DEPROVISIONING → 220 STOPPED",
        "web: 0 start → 0 RUNNING → 200 stop → 220 STOPPED 0",
        "log: 0 start → 0 RUNNING → 70 start 2 → 70 RUNNING → 140 start 3 → 140 RUNNING → 200 stop → 210 STOPPED 1",
        "T1 UserInitiated: Task stopped by user (web exit 0, log exit 1)",
      ]
    `);
  });

  test("hears nothing of an attempt that is over", () => {
    const { world, task } = deployed({ web: { restartPolicy }, sidecars: [] }, { web: { exitsAfter: 60 } });
    world.wait(90);
    const before = world.state;
    for (const attempt of [0, 1, 3]) {
      world.send({
        type: "container-exited",
        task,
        container: "web",
        attempt,
        exitCode: 1,
        outOfMemory: false,
        at: world.now,
      });
      world.send({ type: "container-stopped", task, container: "web", attempt, at: world.now });
    }
    expect(world.state).toBe(before);
  });

  test("that cannot start the container again ends the task like an exit", () => {
    const behaviour: Behaviour = { exitsAfter: 60 };
    const { world, story } = deployed({ web: { restartPolicy }, sidecars: [] }, { web: behaviour });
    world.wait(50);
    behaviour.startFails = true;
    expect(story(15)).toMatchInlineSnapshot(`
      [
        "0 PENDING → 0 RUNNING → 60 DEPROVISIONING → 60 STOPPED",
        "web: 0 start → 0 RUNNING → 60 start 2 → 60 STOPPED",
        "T1 EssentialContainerExited: Essential container in task exited (web CannotStartContainerError: exec format error)",
      ]
    `);
  });
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
