import { describe, expect, test } from "vitest";
import type { Input } from "../../../../src/simulator/engine/inputs.ts";
import { check, dependsOn, deployed, sidecar } from "./containers.ts";
import { webSpec } from "./plans.ts";
import { SERVICE, World } from "./world.ts";

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
