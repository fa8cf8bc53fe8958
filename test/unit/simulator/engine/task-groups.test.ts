import { expect, test } from "vitest";
import type { DeploymentSpec } from "../../../../src/simulator/engine/state.ts";
import { type SpecOptions, webSpec } from "./plans.ts";
import { World, type WorldOptions } from "./world.ts";

const serviceId = "shop/local/task:api";
const brief = { exitsAfter: 5, exitCode: 0 };

function spec(options: SpecOptions = {}): DeploymentSpec {
  return webSpec({ loadBalancer: false, desired: 0, ...options });
}

function group(options: WorldOptions = {}): World {
  const world = new World({ images: { "sha256:one": brief, "sha256:two": {} }, ...options });
  define(world, spec());
  return world;
}

function define(world: World, given: DeploymentSpec): void {
  world.send({ type: "update-service", serviceId, spec: given, force: false, taskGroup: true });
}

test("as many tasks run as were asked for, to their ends, and nothing takes their place", () => {
  const world = group();
  world.wait(60);
  expect(world.tasks(serviceId)).toEqual([]);
  world.send({ type: "run-tasks", serviceId, count: 3 });
  expect(world.running(serviceId).length).toBe(3);
  world.wait(600);
  expect(world.stops(serviceId)).toMatchInlineSnapshot(`
    [
      "T1 EssentialContainerExited: Essential container in task exited (web exit 0)",
      "T2 EssentialContainerExited: Essential container in task exited (web exit 0)",
      "T3 EssentialContainerExited: Essential container in task exited (web exit 0)",
    ]
  `);
  expect(world.running(serviceId)).toEqual([]);
  world.wait(2 * 3600);
  expect(world.tasks(serviceId)).toEqual([]);
  expect(world.service(serviceId).status).toBe("ACTIVE");
});

test("tasks that fail again and again are neither counted nor delayed", () => {
  const world = group({ images: { "sha256:one": { exitsAfter: 1, exitCode: 1 } } });
  for (let time = 0; time < 12; time++) {
    world.send({ type: "run-tasks", serviceId, count: 1 });
    expect(world.running(serviceId).length).toBe(1);
    world.wait(2);
  }
  expect(world.stops(serviceId).length).toBe(12);
  expect(world.service(serviceId).deployments.map(({ rolloutState }) => rolloutState)).toEqual(["IN_PROGRESS"]);
});

test("another definition is for the tasks that are started then; those that run keep theirs", () => {
  const world = group({ images: { "sha256:one": {}, "sha256:two": {} } });
  world.send({ type: "run-tasks", serviceId, count: 1 });
  define(world, spec({ image: "sha256:two", variable: "new" }));
  world.send({ type: "run-tasks", serviceId, count: 1 });
  world.wait(600);
  expect(world.running(serviceId).map(({ revision }) => revision)).toEqual([1, 2]);
});

test("a group that is deleted stops its tasks and is gone; it is no service, and no service is a group", () => {
  const world = group({ images: { "sha256:one": { stopsIn: 1 } } });
  world.deploy(webSpec({ loadBalancer: false }));
  world.send({ type: "run-tasks", serviceId: "shop/local/api", count: 2 });
  expect(world.tasks().length).toBe(1);
  world.send({ type: "run-tasks", serviceId, count: 2 });
  world.send({ type: "delete-service", serviceId });
  world.send({ type: "run-tasks", serviceId, count: 2 });
  world.wait(60);
  expect(Object.keys(world.state.services)).toEqual(["shop/local/api"]);
  expect(world.running().length).toBe(1);
});
