import { describe, expect, test } from "vitest";
import { webSpec } from "./plans.ts";
import { SERVICE, World } from "./world.ts";

/** Old + new tasks that are meant to run, before the deployment and after each look of the scheduler. */
function roll(desired: number, minimum: number, maximum: number): { steps: string[]; world: World } {
  const world = new World();
  const limits = { desired, minimum, maximum, drain: 0 };
  const old = world.deploy(webSpec(limits));
  world.until("the first version is there", () => world.service().deployments[0]?.rolloutState === "COMPLETED");
  const steps = [counts(world, old)];
  const spec = webSpec({ ...limits, image: "sha256:two" });
  world.only({ type: "update-service", serviceId: SERVICE, spec, force: false });
  for (let looks = 0; looks < 40; looks += 1) {
    steps.push(counts(world, old));
    const { rolloutState } = world.service().deployments[0] ?? {};
    if (rolloutState === "COMPLETED") return { steps: [...new Set(steps), "completed"], world };
    if (world.service().stuckAt !== undefined) return { steps: [...new Set(steps), "stuck"], world };
    world.pass();
  }
  return { steps: [...steps, "neither completed nor stuck"], world };
}

function counts(world: World, old: string): string {
  const live = world.tasks().filter(({ desiredStatus }) => desiredStatus === "RUNNING");
  const ours = live.filter(({ deploymentId }) => deploymentId === old).length;
  return `${ours}+${live.length - ours}`;
}

test.each([
  [50, 100, ["4+0", "2+0", "2+2", "0+2", "0+4", "completed"]],
  [100, 150, ["4+0", "4+2", "2+2", "2+4", "0+4", "completed"]],
  [100, 200, ["4+0", "4+4", "0+4", "completed"]],
  [0, 100, ["4+0", "0+0", "0+4", "completed"]],
  [0, 200, ["4+0", "0+4", "completed"]],
  [75, 125, ["4+0", "3+1", "2+2", "1+3", "0+4", "completed"]],
  [100, 100, ["4+0", "stuck"]],
])("four tasks roll at %i/%i per cent", (minimum, maximum, expected) => {
  expect(roll(4, minimum, maximum).steps).toEqual(expected);
});

const percents = (from: number): number[] => [0, 25, 50, 75, 100].map((step) => from + step);

describe.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])("%i tasks", (desired) => {
  test.each(percents(0).flatMap((minimum) => percents(100).map((maximum) => [minimum, maximum] as const)))(
    "complete or are stuck, within both limits, at %i/%i per cent",
    (minimum, maximum) => {
      const lower = Math.ceil((desired * minimum) / 100);
      const upper = Math.floor((desired * maximum) / 100);
      const { steps, world } = roll(desired, minimum, maximum);
      const sums = steps
        .filter((step) => step.includes("+"))
        .map((step) => step.split("+").reduce((sum, n) => sum + Number(n), 0));
      expect(Math.max(...sums)).toBeLessThanOrEqual(Math.max(upper, desired));
      expect(Math.min(...sums)).toBeGreaterThanOrEqual(lower);
      const stuck = lower === desired && upper === desired;
      expect(steps.at(-1)).toBe(stuck ? "stuck" : "completed");
      expect(world.events().at(-1)?.trim()).toBe(
        stuck
          ? "0 (service api) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again."
          : "0 (service api) has reached a steady state.",
      );
    },
  );
});

test("one task is replaced: events in the order of ECS, the old task drains for its whole delay", () => {
  const world = new World({ speed: 10 });
  world.deploy(webSpec());
  world.wait(60);
  world.deploy(webSpec({ image: "sha256:two" }));
  world.wait(60);
  expect(world.events()).toMatchInlineSnapshot(`
    [
      "     0 (service api) has started 1 tasks: (task T1).",
      "     0 (service api) registered 1 targets in (target-group G)",
      "     0 (service api) (deployment D1) deployment completed.",
      "     0 (service api) has reached a steady state.",
      "    60 (service api) has started 1 tasks: (task T2).",
      "    60 (service api) registered 1 targets in (target-group G)",
      "    60 (service api) has stopped 1 running tasks: (task T1).",
      "    60 (service api) deregistered 1 targets in (target-group G)",
      "    60 (service api, taskSet D1) has begun draining connections on 1 tasks.",
      "    60 (service api) (deployment D2) deployment completed.",
      "    60 (service api) has reached a steady state.",
    ]
  `);
  expect([...world.ladders.keys()].map((task) => `${world.normalise(task)} ${world.ladder(task)}`))
    .toMatchInlineSnapshot(`
    [
      "T1 0 PENDING → 0 RUNNING → 60 DEACTIVATING → 66 STOPPING → 66 DEPROVISIONING → 66 STOPPED",
      "T2 60 PENDING → 60 RUNNING",
    ]
  `);
});

test("a stuck deployment says so once, again after six hours, and moves when the limits change", () => {
  const world = new World();
  world.deploy(webSpec({ desired: 2 }));
  world.wait(60);
  world.deploy(webSpec({ desired: 2, image: "sha256:two", minimum: 100, maximum: 100 }));
  world.wait(7 * 3600);
  world.deploy(webSpec({ desired: 2, image: "sha256:two", minimum: 50, maximum: 100 }));
  world.wait(400);
  expect(world.events().filter((text) => /unable|completed/.test(text))).toMatchInlineSnapshot(`
    [
      "     0 (service api) (deployment D1) deployment completed.",
      "    60 (service api) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.",
      " 21660 (service api) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.",
      " 25380 (service api) (deployment D2) deployment completed.",
    ]
  `);
  expect(world.deployments()).toMatchInlineSnapshot(`
    [
      "D2 PRIMARY COMPLETED revision 2 desired 2 running 2 pending 0 healthy 2 failed 0: ECS deployment D2 completed.",
      "D1 INACTIVE COMPLETED revision 1 desired 0 running 0 pending 0 healthy 0 failed 0: ECS deployment D1 completed.",
    ]
  `);
});

test("maximum 100: the next task waits until the drained one has stopped", () => {
  const world = new World();
  world.deploy(webSpec({ minimum: 0, maximum: 100 }));
  world.wait(60);
  world.deploy(webSpec({ minimum: 0, maximum: 100, image: "sha256:two" }));
  world.wait(120);
  expect(world.events().slice(4)).toMatchInlineSnapshot(`
    [
      "    60 (service api) has stopped 1 running tasks: (task T1).",
      "    60 (service api) deregistered 1 targets in (target-group G)",
      "    60 (service api, taskSet D1) has begun draining connections on 1 tasks.",
      "   120 (service api) has started 1 tasks: (task T2).",
      "   120 (service api) registered 1 targets in (target-group G)",
      "   120 (service api) (deployment D2) deployment completed.",
      "   120 (service api) has reached a steady state.",
    ]
  `);
});

test("a deployment that nobody pinned starts one task, which fixes the images, and then the others", () => {
  const world = new World({ resolves: "sha256:found" });
  world.deploy(webSpec({ desired: 3, unpinned: true }));
  world.wait(1);
  expect(world.events()).toMatchInlineSnapshot(`
    [
      "     0 (service api) has started 1 tasks: (task T1).",
      "     0 (service api) has started 2 tasks: (task T2) (task T3).",
      "     0 (service api) registered 1 targets in (target-group G)",
      "     0 (service api) registered 1 targets in (target-group G)",
      "     0 (service api) registered 1 targets in (target-group G)",
      "     0 (service api) (deployment D1) deployment completed.",
      "     0 (service api) has reached a steady state.",
    ]
  `);
  expect(world.service().deployments[0]?.spec.images).toEqual({ web: "sha256:found" });
});
