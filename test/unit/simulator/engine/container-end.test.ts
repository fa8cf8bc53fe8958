import { describe, expect, test } from "vitest";
import { dependsOn, deployed, sidecar } from "./containers.ts";
import { webSpec } from "./plans.ts";
import { type Behaviour, SERVICE, World } from "./world.ts";

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
