import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { type Effect, effectId } from "../../../../src/simulator/engine/effects.ts";
import { nextWake, step } from "../../../../src/simulator/engine/engine.ts";
import { isHealthy } from "../../../../src/simulator/engine/health.ts";
import type { Input, TargetCheck } from "../../../../src/simulator/engine/inputs.ts";
import type { DependencyCondition } from "../../../../src/simulator/engine/plan-facts.ts";
import type { Service, SimulatorState, Task, TaskContainer } from "../../../../src/simulator/engine/state.ts";
import { type ContainerDefinition, webSpec } from "./plans.ts";
import { type Behaviour, SERVICE, World } from "./world.ts";

/** How often: `PILOTFISH_RUNS=20000 npx vitest run test/unit/simulator/engine/properties.test.ts` looks longer. */
const RUNS = Number(process.env["PILOTFISH_RUNS"] ?? 200);
vi.setConfig({ testTimeout: 10_000 + RUNS * 100 });

const failing: TargetCheck = { ok: false, counts: true, reason: "Target.Timeout", description: "" };
const behaviours: Record<string, Behaviour> = {
  good: {},
  "slow-to-stop": { stopsIn: 12, requestOpenFor: 3 },
  "exits-at-once": { exitsAfter: 0 },
  "exits-later": { exitsAfter: 25 },
  "never-healthy": { check: () => failing },
  "sometimes-healthy": { check: (age) => (Math.floor(age / 15) % 2 === 0 ? { ok: true } : failing) },
  missing: { missing: true },
  "cannot-start": { startFails: true },
  "holds-requests": { requestOpenFor: Infinity },
  "ends-well": { exitsAfter: 6, exitCode: 0 },
  "healthy-soon": { health: [[2, "HEALTHY"]], stopsIn: 1 },
  "healthy-for-a-while": {
    health: [
      [4, "UNHEALTHY"],
      [9, "HEALTHY"],
      [90, "UNHEALTHY"],
    ],
  },
};
const images = Object.fromEntries(Object.entries(behaviours).map(([name, behaviour]) => [`sha256:${name}`, behaviour]));

type Command =
  | {
      do: "deploy";
      image: string;
      desired: number;
      minimum: number;
      maximum: number;
      flags: number;
      force: boolean;
      containers: Shape[];
    }
  | { do: "wait"; seconds: number }
  | { do: "crash" | "sicken" | "lose" | "stop" | "repeat"; nth: number }
  | { do: "give-up" | "delete" }
  | { do: "speed"; speed: number };

/** What the task definition says of one container: `web` is the first, the others are its sidecars. */
interface Shape {
  image: string;
  essential: boolean;
  /** For each later container whether and how this one depends on it. */
  dependsOn: (DependencyCondition | undefined)[];
  checked: boolean;
  startTimeout: number | undefined;
  stopTimeout: number;
  restarts: boolean;
}

const shape: fc.Arbitrary<Shape> = fc.record({
  image: fc.constantFrom(...Object.keys(behaviours)),
  essential: fc.boolean(),
  dependsOn: fc.array(fc.constantFrom(undefined, "START", "COMPLETE", "SUCCESS", "HEALTHY"), { maxLength: 3 }),
  checked: fc.boolean(),
  startTimeout: fc.constantFrom(undefined, 5, 60),
  stopTimeout: fc.constantFrom(2, 5, 30),
  restarts: fc.boolean(),
});

/** Without circles: a container depends on later ones only, and on HEALTHY where there is a check. */
function definitions(shapes: readonly Shape[]): ContainerDefinition[] {
  return shapes.map((each, at) => ({
    name: at === 0 ? "web" : `side${at}`,
    image: `sha256:${each.image}`,
    essential: at === 0 || each.essential,
    dependsOn: each.dependsOn.flatMap((condition, nth) => {
      const on = shapes[at + 1 + nth];
      if (condition === undefined || on === undefined || (condition === "HEALTHY" && !on.checked)) return [];
      return [{ containerName: `side${at + 1 + nth}`, condition }];
    }),
    ...(each.checked ? { healthCheck: { command: ["CMD", "check"] } } : {}),
    ...(each.startTimeout === undefined ? {} : { startTimeout: each.startTimeout }),
    stopTimeout: each.stopTimeout,
    restartPolicy: { enabled: each.restarts, restartAttemptPeriod: 20 },
  }));
}

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("deploy"),
      image: fc.constantFrom(...Object.keys(behaviours)),
      desired: fc.integer({ min: 0, max: 5 }),
      minimum: fc.constantFrom(0, 25, 50, 75, 100),
      maximum: fc.constantFrom(100, 125, 150, 200),
      flags: fc.nat(31),
      force: fc.boolean(),
      containers: fc.array(shape, { maxLength: 4 }),
    } as const),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("wait"), seconds: fc.constantFrom(0.5, 3, 12, 60, 200) } as const),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom("crash", "sicken", "lose", "stop", "repeat"),
      nth: fc.nat(500),
    } as const),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("give-up", "delete") } as const) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("speed"), speed: fc.constantFrom(1, 5, 10) } as const) },
);
const scenario = fc.record({ seed: fc.nat(), commands: fc.array(command, { minLength: 1, maxLength: 14 }) });

function obey(world: World, asked: Command): void {
  switch (asked.do) {
    case "deploy": {
      const { image, flags, force, containers, ...rest } = asked;
      const [web, ...sidecars] = definitions(containers);
      const { image: _image, ...more } = web ?? {};
      const [noRollback, unpinned, backend, noBreaker, noGrace] = [1, 2, 4, 8, 16].map((bit) => (flags & bit) !== 0);
      const options = { ...rest, noRollback, loadBalancer: !backend, breaker: !noBreaker, grace: noGrace ? 0 : 60 };
      world.options.resolves = `sha256:${image}`;
      return world.send({
        type: "update-service",
        serviceId: SERVICE,
        force,
        spec: webSpec({ ...options, image: `sha256:${image}`, unpinned: unpinned ?? false, web: more, sidecars }),
      });
    }
    case "wait":
      return world.wait(asked.seconds);
    case "speed":
      return world.send({ type: "set-speed", speed: asked.speed });
    case "give-up":
      return world.send({
        type: "stop-deployment",
        serviceId: SERVICE,
        deploymentId: world.state.services[SERVICE]?.deployments[0]?.id ?? "",
        reason: "enough",
      });
    case "delete":
      return world.send({ type: "delete-service", serviceId: SERVICE });
    case "repeat":
      return world.send(world.inputs[asked.nth % (world.inputs.length || 1)] ?? { type: "tick" });
    default: {
      const tasks = world.tasks();
      const { id: task = "", containers = [] } = tasks[asked.nth % (tasks.length || 1)] ?? {};
      if (asked.do === "stop") return world.send({ type: "stop-task", task });
      if (asked.do === "lose") return world.send({ type: "task-lost", task });
      const { name: container = "", attempt = 1 } = containers[asked.nth % (containers.length || 1)] ?? {};
      const about = { task, container, attempt };
      if (asked.do === "sicken") return world.send({ type: "container-health", ...about, health: "UNHEALTHY" });
      return world.send({ type: "container-exited", ...about, exitCode: 1, outOfMemory: false, at: world.now });
    }
  }
}

/** What holds after each step, whatever has happened. */
function watch(world: World): void {
  const asked = new Set<string>();
  deepFreeze(world.state);
  world.afterStep = (before, effects, inputs) => {
    const after = world.state;
    deepFreeze(after);
    for (const effect of effects) {
      const id = effectId(effect);
      holds(after.tasks[effect.task] !== undefined, `the task of ${id} is known`);
      holds(!asked.has(id), `${id} is asked for once`);
      asked.add(id);
      orderHolds(effect, before.tasks[effect.task], after);
    }
    for (const task of Object.values(after.tasks)) if (task !== before.tasks[task.id]) taskHolds(task);
    for (const service of Object.values(after.services))
      if (service !== before.services[service.id]) shapeHolds(service);
    limitsHold(before, after, effects, inputs);
    holds((nextWake(after) ?? Infinity) > world.now, "the next wake lies ahead");
    const again = step(after, { type: "tick" }, world.now, () => 0.5);
    holds(again.state === after && again.effects.length === 0, "a step leaves nothing to do at its own instant");
    for (const now of [world.now, (nextWake(after) ?? world.now + 1) - 1]) nothingIsDue(after, now);
  };
}

/** A change of speed, too small to shorten any wait, has the engine look at everything there is. */
function nothingIsDue(state: SimulatorState, now: number): void {
  const slower: Input = { type: "set-speed", speed: state.speed * (1 - 1e-12) };
  const { state: after, effects } = step(state, slower, now, () => 0.5);
  holds(
    after.tasks === state.tasks && after.services === state.services && effects.length === 0,
    "until the next wake there is nothing to do for what no input concerns",
  );
}

function shapeHolds({ status, deployments, events }: Service): void {
  holds(
    /^PRIMARY( ACTIVE)*( INACTIVE)*$/.test(deployments.map((each) => each.status).join(" ")),
    "deployments are in order",
  );
  holds(new Set(deployments.map(({ id }) => id)).size === deployments.length, "deployments are there once");
  holds(events.length <= 100, "a hundred events are kept");
  holds(
    status === "ACTIVE" || deployments.every(({ desiredCount }) => desiredCount === 0),
    "a deleted service wants nothing",
  );
}

/** Containers start and stop in the order that their dependencies give. */
function orderHolds(effect: Effect, before: Task | undefined, after: SimulatorState): void {
  const task = after.tasks[effect.task];
  if (task === undefined || !("container" in effect)) return;
  const deployment = after.services[task.serviceId]?.deployments.find(({ id }) => id === task.deploymentId);
  const defined = deployment?.spec.plan.taskDefinition.containerDefinitions ?? [];
  const named = (name: string | undefined): TaskContainer | undefined =>
    task.containers.find((container) => container.name === name);
  if (effect.type === "start-container") {
    holds(before?.desiredStatus !== "STOPPED", "nothing of a task starts that was told to stop");
    if (effect.attempt > 1) return;
    for (const on of defined.find(({ name }) => name === effect.container)?.dependsOn ?? []) {
      const other = named(on.containerName);
      const ended = other?.lastStatus === "STOPPED";
      const held = {
        START: other?.startedAt !== undefined,
        COMPLETE: ended,
        SUCCESS: ended && other.exitCode === 0,
        HEALTHY: other?.health === "HEALTHY",
      };
      holds(held[on.condition ?? "START"] && other?.startedAt !== undefined, `${on.containerName} is ${on.condition}`);
    }
  } else {
    holds(task.desiredStatus === "STOPPED", "no container of a task that goes on is stopped");
    for (const { name, dependsOn = [] } of defined)
      if (dependsOn.some(({ containerName }) => containerName === effect.container))
        holds(named(name)?.lastStatus === "STOPPED", `${name} has stopped before ${effect.container} is told to`);
  }
}

function taskHolds({ lastStatus, desiredStatus, containers }: Task): void {
  const all = (...statuses: TaskContainer["lastStatus"][]): boolean =>
    containers.every((container) => statuses.includes(container.lastStatus));
  if (lastStatus === "STOPPED" || lastStatus === "DEPROVISIONING")
    holds(all("STOPPED"), "every container of a stopped task has stopped");
  if (lastStatus === "RUNNING")
    holds(
      containers.every((container) => container.lastStatus !== "PENDING" || container.attempt > 1),
      "none waits in a task that is RUNNING",
    );
  if (desiredStatus === "RUNNING")
    holds(
      containers.every((container) => !container.essential || container.lastStatus !== "STOPPED"),
      "no essential container of a task that goes on has stopped",
    );
}

function limitsHold(before: SimulatorState, after: SimulatorState, effects: Effect[], inputs: Input[]): void {
  const service = after.services[SERVICE];
  const primary = service?.deployments[0];
  if (service === undefined || primary === undefined || service.status !== "ACTIVE") return;
  const tasks = Object.values(after.tasks);
  if (effects.some(({ type }) => type === "prepare-task")) {
    // A deployment that fails in this very step has had its own limit until then.
    const failed = service.deployments.filter(({ id }) => id === before.services[SERVICE]?.deployments[0]?.id);
    const percent = Math.max(
      ...[primary, ...failed].map((each) => each.spec.plan.service.deploymentConfiguration.maximumPercent),
    );
    const started = tasks.filter(({ lastStatus }) => lastStatus !== "STOPPED").length;
    holds(started <= Math.floor((service.desiredCount * percent) / 100), `${started} started tasks are permitted`);
  }
  // A check that has just failed may have taken a task's health before the scheduler looked.
  const checked = new Set(inputs.map((input) => input.type === "target-checked" && input.task));
  const stoppedHealthy = tasks.some((task) => !checked.has(task.id) && stoppedByScheduler(before.tasks[task.id], task));
  if (!stoppedHealthy || (primary.rolloutState === "FAILED" && primary.desiredCount === 0)) return;
  const { minimumHealthyPercent } = primary.spec.plan.service.deploymentConfiguration;
  const healthy = tasks.filter(isHealthy).length;
  holds(
    healthy >= Math.ceil((service.desiredCount * minimumHealthyPercent) / 100),
    `${healthy} healthy tasks are enough`,
  );
}

/** `expect` is too slow for what is asked hundreds of thousands of times. */
function holds(truth: boolean, what: string): void {
  if (!truth) throw new Error(`this does not hold: ${what}`);
}

function stoppedByScheduler(before: Task | undefined, after: Task): boolean {
  if (before === undefined || !isHealthy(before) || after.desiredStatus === "RUNNING") return false;
  return after.stoppedReason?.startsWith("Scaling activity") ?? false;
}

test("whatever happens, the limits and the shape of the state hold, nothing is asked for twice, and a good version gets through", () => {
  const began = performance.now();
  let steps = 0;
  fc.assert(
    fc.property(scenario, ({ seed, commands }) => {
      const world = new World({ seed, speed: 10, images });
      watch(world);
      for (const each of commands) obey(world, each);
      world.send({ type: "set-speed", speed: 10 });
      world.until(
        "a service that was deleted is gone",
        () => (world.state.services[SERVICE]?.status ?? "ACTIVE") === "ACTIVE",
      );
      const id = world.deploy(webSpec({ desired: 3, image: "sha256:good" }), true);
      world.until("the good version is there", () => world.service().deployments[0]?.rolloutState === "COMPLETED");
      world.wait(200);
      expect(world.service().deployments[0]?.id).toBe(id);
      expect(world.running().filter(isHealthy).length).toBe(3);
      expect(world.tasks().filter(({ lastStatus }) => lastStatus !== "STOPPED").length).toBe(3);
      expect(world.service().steadyAt).toBeDefined();
      expect(JSON.parse(JSON.stringify(world.state))).toEqual(world.state);
      steps += world.steps;
    }),
    { numRuns: RUNS },
  );
  const seconds = (performance.now() - began) / 1000;
  process.stderr.write(
    `${RUNS} scenarios, ${steps} steps, after each of which everything was looked at, in ${seconds.toFixed(1)} s\n`,
  );
});

test("the same seed and the same inputs give the same states, also when the state has been written and read in between", () => {
  fc.assert(
    fc.property(scenario, ({ seed, commands }) => {
      const [one, other] = [new World({ seed, speed: 10, images }), new World({ seed, speed: 10, images })];
      for (const each of commands) {
        obey(one, each);
        other.state = JSON.parse(JSON.stringify(other.state)) as SimulatorState;
        obey(other, each);
        expect(other.state).toEqual(one.state);
      }
    }),
    { numRuns: Math.ceil(RUNS / 3) },
  );
});

test("what a step did not change keeps its identity", () => {
  fc.assert(
    fc.property(scenario, ({ seed, commands }) => {
      const world = new World({ seed, speed: 10, images });
      world.deploy(webSpec({ name: "bystander", desired: 2 }));
      world.afterStep = (before) => {
        const { services, tasks } = world.state;
        for (const [id, task] of Object.entries(tasks))
          if (task !== before.tasks[id]) holds(!isDeepStrictEqual(task, before.tasks[id]), `${id} was changed`);
        for (const [id, service] of Object.entries(services))
          if (service !== before.services[id])
            holds(!isDeepStrictEqual(service, before.services[id]), `${id} was changed`);
      };
      for (const each of commands) obey(world, each);
    }),
    { numRuns: Math.ceil(RUNS / 3) },
  );
});

test("inputs that nobody would send are survived", () => {
  const text = fc.constantFrom("", "__proto__", "constructor", SERVICE, "web");
  const noise = fc.oneof(
    fc.record({ type: fc.constantFrom("stop-task", "task-lost", "task-idle", "task-removed"), task: text }),
    fc.record({ type: fc.constantFrom("delete-service"), serviceId: text }),
    fc.record({
      type: fc.constantFrom("container-exited", "container-stopped", "container-started"),
      task: text,
      container: text,
      attempt: fc.integer(),
      at: fc.integer(),
    }),
    fc.record({ type: fc.constantFrom("no-such-input") }),
  ) as unknown as fc.Arbitrary<Input>;
  fc.assert(
    fc.property(fc.array(noise), (inputs) => {
      const world = new World();
      for (const input of inputs) world.send(input);
      expect(world.state).toEqual({ speed: 1, services: {}, tasks: {} });
    }),
    { numRuns: 100 },
  );
});

function deepFreeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const each of Object.values(value)) deepFreeze(each);
}
