import { expect, test } from "vitest";
import type { Input, TargetCheck } from "../../../../src/simulator/engine/inputs.ts";
import type { Target } from "../../../../src/simulator/engine/state.ts";
import { webSpec } from "./plans.ts";
import { type Behaviour, SERVICE, World } from "./world.ts";

const ok: TargetCheck = { ok: true };
const timeout: TargetCheck = { ok: false, counts: true, reason: "Target.Timeout", description: "" };
const mismatch: TargetCheck = {
  ok: false,
  counts: true,
  reason: "Target.ResponseCodeMismatch",
  description: "Health checks failed with these codes: [503]",
};
const early: TargetCheck = { ok: false, counts: false, reason: "Target.FailedHealthChecks", description: "" };

/** A world with one running task whose health is told by the test alone; checks come ten seconds apart. */
function told(options: Parameters<typeof webSpec>[0] = {}): {
  world: World;
  target: () => Target;
  check: (result: TargetCheck) => string;
} {
  const world = new World({ images: { "sha256:one": { silent: true } } });
  world.deploy(webSpec(options));
  const task = world.tasks()[0]?.id ?? "";
  const target = (): Target => world.state.tasks[task]?.targets[0] as Target;
  const check = (result: TargetCheck): string => {
    world.wait(10);
    world.send({ type: "target-checked", task, targetGroup: `${SERVICE}/main`, result });
    const { state, reason, description } = target();
    return [state, reason, description].filter((part) => part !== undefined).join(" · ");
  };
  return { world, target, check };
}

test("a new target is healthy at its first success", () => {
  const { check, target } = told();
  expect(target()).toMatchObject({ state: "initial", reason: "Elb.InitialHealthChecking", successes: 0, failures: 0 });
  expect(check(ok)).toBe("healthy");
});

test("a target turns unhealthy and healthy again by the thresholds", () => {
  const { check } = told({ grace: 100_000 });
  expect([ok, mismatch, ok, mismatch, timeout, timeout, mismatch, ok, timeout, ok, ok].map(check))
    .toMatchInlineSnapshot(`
    [
      "healthy",
      "healthy",
      "healthy",
      "healthy",
      "unhealthy · Target.Timeout · Request timed out",
      "unhealthy · Target.Timeout · Request timed out",
      "unhealthy · Target.ResponseCodeMismatch · Health checks failed with these codes: [503]",
      "unhealthy · Target.ResponseCodeMismatch · Health checks failed with these codes: [503]",
      "unhealthy · Target.Timeout · Request timed out",
      "unhealthy · Target.Timeout · Request timed out",
      "healthy",
    ]
  `);
});

test("a target that never answers turns unhealthy after as many failures as any other", () => {
  const { check } = told({ grace: 100_000 });
  expect([timeout, timeout, ok, ok].map(check)).toMatchInlineSnapshot(`
    [
      "initial · Elb.InitialHealthChecking · Initial health checks in progress",
      "unhealthy · Target.Timeout · Request timed out",
      "unhealthy · Target.Timeout · Request timed out",
      "healthy",
    ]
  `);
});

test("the quick extra probes count when they succeed and never when they fail", () => {
  const { check } = told();
  expect([early, early, early, ok, early, early, early].map(check)).toEqual([
    ...Array(3).fill("initial · Elb.InitialHealthChecking · Initial health checks in progress"),
    ...Array(4).fill("healthy"),
  ]);
});

test("a healthy target that stays healthy changes nothing in the state", () => {
  const { world, check } = told();
  check(ok);
  const before = world.state;
  check(ok);
  expect(world.state).toBe(before);
});

test("without a load balancer a task is healthy after 40 seconds of RUNNING, at speed 10 after 4", () => {
  for (const [speed, seconds] of [
    [1, 40],
    [10, 4],
  ] as const) {
    const world = new World({ speed });
    world.deploy(webSpec({ loadBalancer: false }));
    expect(world.until("completed", () => world.service().deployments[0]?.rolloutState === "COMPLETED")).toBe(seconds);
  }
});

/** Two healthy tasks, one of which fails its checks from the hundredth second on. */
function oneFails(options: Parameters<typeof webSpec>[0] = {}): World {
  const images: Record<string, Behaviour> = { "sha256:one": { check: () => ok } };
  const world = new World({ images });
  world.deploy(webSpec({ desired: 2, grace: 0, ...options }));
  world.wait(100);
  const sick = world.tasks()[0]?.id;
  images["sha256:one"] = { check: (_age, task) => (task === sick ? mismatch : ok) };
  return world;
}

test("with a place free an unhealthy task is replaced first and stopped when the replacement is healthy", () => {
  const world = oneFails();
  world.wait(200);
  expect(world.events().slice(5)).toMatchInlineSnapshot(`
    [
      "   120 (service api) has started 1 tasks: (task T3). Amazon ECS replaced 1 tasks due to an unhealthy status.",
      "   120 (service api) registered 1 targets in (target-group G)",
      "   120 (service api) (task T1) (port 80) is unhealthy in (target-group G) due to (reason Health checks failed with these codes: [503]).",
      "   120 (service api) has stopped 1 running tasks: (task T1).",
      "   120 (service api) deregistered 1 targets in (target-group G)",
      "   120 (service api, taskSet D1) has begun draining connections on 1 tasks.",
      "   120 (service api) has reached a steady state.",
    ]
  `);
  expect(world.stops()).toMatchInlineSnapshot(`
    [
      "T1 ServiceSchedulerInitiated: Task failed ELB health checks in (target-group G) (web exit 0)",
    ]
  `);
  expect(world.ladder(world.tasks()[0]?.id ?? "")).toMatchInlineSnapshot(
    `"0 PENDING → 0 RUNNING → 120 DEACTIVATING → 180 STOPPING → 180 DEPROVISIONING → 180 STOPPED"`,
  );
});

test("with no place free it is stopped first and replaced when it is gone", () => {
  const world = oneFails({ minimum: 50, maximum: 100 });
  world.wait(200);
  expect(world.events().slice(5)).toMatchInlineSnapshot(`
    [
      "   120 (service api) (task T1) (port 80) is unhealthy in (target-group G) due to (reason Health checks failed with these codes: [503]).",
      "   120 (service api) has stopped 1 running tasks: (task T1).",
      "   120 (service api) deregistered 1 targets in (target-group G)",
      "   120 (service api, taskSet D1) has begun draining connections on 1 tasks.",
      "   180 (service api) has started 1 tasks: (task T3).",
      "   180 (service api) registered 1 targets in (target-group G)",
      "   180 (service api) has reached a steady state.",
    ]
  `);
});

test("a replacement that is unhealthy itself leaves as many tasks as are wanted, one by one", () => {
  const images: Record<string, Behaviour> = { "sha256:one": { check: () => ok } };
  const world = new World({ images });
  world.deploy(webSpec({ grace: 0, drain: 0 }));
  world.wait(100);
  images["sha256:one"] = { check: () => timeout };
  world.wait(45);
  expect(world.events().slice(4)).toMatchInlineSnapshot(`
    [
      "   120 (service api) has started 1 tasks: (task T2). Amazon ECS replaced 1 tasks due to an unhealthy status.",
      "   120 (service api) registered 1 targets in (target-group G)",
      "   130 (service api) (task T1) (port 80) is unhealthy in (target-group G) due to (reason Request timed out).",
      "   130 (service api) has stopped 1 running tasks: (task T1).",
      "   130 (service api) deregistered 1 targets in (target-group G)",
      "   130 (service api, taskSet D1) has begun draining connections on 1 tasks.",
      "   130 (service api) has started 1 tasks: (task T3). Amazon ECS replaced 1 tasks due to an unhealthy status.",
      "   130 (service api) registered 1 targets in (target-group G)",
      "   140 (service api) (task T2) (port 80) is unhealthy in (target-group G) due to (reason Request timed out).",
      "   140 (service api) has stopped 1 running tasks: (task T2).",
      "   140 (service api) deregistered 1 targets in (target-group G)",
      "   140 (service api, taskSet D1) has begun draining connections on 1 tasks.",
      "   140 (service api) has started 1 tasks: (task T4). Amazon ECS replaced 1 tasks due to an unhealthy status.",
      "   140 (service api) registered 1 targets in (target-group G)",
    ]
  `);
  expect(world.deployments()).toMatchInlineSnapshot(`
    [
      "D1 PRIMARY COMPLETED revision 1 desired 1 running 2 pending 0 healthy 0 failed 2: ECS deployment D1 completed.",
    ]
  `);
});

test("during the grace period a failing target is left alone; at its end the task is replaced", () => {
  const { world, check } = told({ grace: 60 });
  expect([timeout, timeout, timeout].map(check).at(-1)).toBe("unhealthy · Target.Timeout · Request timed out");
  expect(world.tasks().length).toBe(1);
  const waited = world.until("a replacement", () => world.tasks().length === 2);
  expect(waited).toBe(30);
});

test("a target that recovers during the grace period is not replaced", () => {
  const { world, check } = told({ grace: 60 });
  [timeout, timeout, ok, ok].map(check);
  world.wait(600);
  expect(world.tasks().length).toBe(1);
});

test("checks of tasks that drain, have stopped or never were change nothing", () => {
  const world = new World();
  world.deploy(webSpec());
  world.wait(10);
  const task = world.tasks()[0]?.id ?? "";
  world.send({ type: "stop-task", task });
  const inputs: Input[] = [
    { type: "target-checked", task, targetGroup: `${SERVICE}/main`, result: timeout },
    { type: "target-checked", task: "nobody", targetGroup: `${SERVICE}/main`, result: ok },
    { type: "target-checked", task: world.running()[0]?.id ?? "", targetGroup: "no/such/group", result: timeout },
  ];
  for (const input of inputs) {
    const before = world.state;
    world.send(input);
    expect(world.state).toBe(before);
  }
});
