import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { DeploymentSpec } from "../../../../src/simulator/engine/state.ts";
import { webSpec } from "../engine/plans.ts";
import { CrashingWorld, nameOf } from "./crashing-world.ts";

/** How often: `PILOTFISH_RUNS=5000 npx vitest run test/unit/simulator/daemon/crash.test.ts` looks longer. */
const RUNS = Number(process.env["PILOTFISH_RUNS"] ?? 60);
/** Every so-manieth boundary; every one when it looks longer. */
const STRIDE = process.env["PILOTFISH_RUNS"] === undefined ? 6 : 1;
const serviceId = "shop/local/api";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  // What a daemon says while it dies.
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

type Command =
  | { do: "deploy"; image: "one" | "two" | "exits"; desired: number; sidecar?: "helper" | "init" }
  | { do: "kill"; what: "main" | "sidecar" | "network"; nth: number }
  | { do: "delete" };

const life: Command[] = [
  { do: "deploy", image: "one", desired: 2, sidecar: "init" },
  { do: "deploy", image: "two", desired: 3, sidecar: "helper" },
  { do: "kill", what: "sidecar", nth: 1 },
  { do: "kill", what: "network", nth: 0 },
  { do: "deploy", image: "exits", desired: 3 },
  { do: "deploy", image: "two", desired: 1, sidecar: "helper" },
  { do: "kill", what: "main", nth: 0 },
  { do: "delete" },
  { do: "deploy", image: "one", desired: 1 },
];

test("a daemon that dies at any boundary of a service's life changes nothing of what comes of it", async () => {
  const wanted = await story(life, () => false);
  expect(wanted.outcomes).toMatchInlineSnapshot(`
    [
      "deploy one ×2: PRIMARY 1 COMPLETED sha256:one; RUNNING 1 api; RUNNING 1 api; main at 1",
      "deploy two ×3: PRIMARY 2 COMPLETED sha256:two, INACTIVE 1 COMPLETED sha256:one; RUNNING 2 api; RUNNING 2 api; RUNNING 2 api; main at 1",
      "kill: PRIMARY 2 COMPLETED sha256:two, INACTIVE 1 COMPLETED sha256:one; RUNNING 2 api; RUNNING 2 api; RUNNING 2 api; main at 1",
      "kill: PRIMARY 2 COMPLETED sha256:two, INACTIVE 1 COMPLETED sha256:one; RUNNING 2 api; RUNNING 2 api; RUNNING 2 api; main at 1",
      "deploy exits ×3: PRIMARY 2 COMPLETED sha256:two, INACTIVE 3 FAILED sha256:exits, INACTIVE 1 COMPLETED sha256:one; RUNNING 2 api; RUNNING 2 api; RUNNING 2 api; main at 1",
      "deploy two ×1: PRIMARY 2 COMPLETED sha256:two, INACTIVE 3 FAILED sha256:exits, INACTIVE 1 COMPLETED sha256:one; RUNNING 2 api; main at 1",
      "kill: PRIMARY 2 COMPLETED sha256:two, INACTIVE 3 FAILED sha256:exits, INACTIVE 1 COMPLETED sha256:one; RUNNING 2 api; main at 1",
      "delete: no service",
      "deploy one ×1: PRIMARY 1 COMPLETED sha256:one; RUNNING 1 api; main at 1",
    ]
  `);
  expect(wanted.boundaries).toBeGreaterThan(100);
  for (let at = 0; at < wanted.boundaries; at += STRIDE) {
    const { outcomes, crashes } = await story(life, (boundary) => boundary === at);
    expect([at, crashes, outcomes]).toEqual([at, 1, wanted.outcomes]);
  }
}, 60_000);

test("nor does what happens to a task while no daemon looks", async () => {
  const wanted = await story(life, () => false);
  const accidents: [string, (world: CrashingWorld) => void][] = [
    ["its containers are removed", (world) => world.removeTask()],
    ["its network's container is killed", (world) => world.killOne(undefined)],
    ["a container is killed", (world) => world.killOne("web")],
  ];
  for (const [index, [what, happen]] of accidents.entries())
    for (let at = index; at < wanted.boundaries; at += 4 * STRIDE) {
      const { outcomes } = await story(life, (boundary) => boundary === at, happen);
      expect([what, at, outcomes]).toEqual([what, at, wanted.outcomes]);
    }
}, 60_000);

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("deploy" as const),
      image: fc.constantFrom("one", "two", "exits"),
      desired: fc.integer({ min: 0, max: 4 }),
      sidecar: fc.constantFrom(undefined, "helper", "init"),
    }) as fc.Arbitrary<Command>,
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("kill" as const),
      what: fc.constantFrom("main", "sidecar", "network"),
      nth: fc.nat(3),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "delete" as const }) },
);

test("nor do daemons that die again and again, also while they recover", async () => {
  const crashes = fc.array(fc.nat(40), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 7 }), crashes, async (commands, gaps) => {
      const wanted = await story(commands, () => false);
      const deaths = new Set(gaps.map((_, at) => gaps.slice(0, at + 1).reduce((sum, gap) => sum + gap + 1, 0)));
      const { outcomes } = await story(commands, (boundary) => deaths.has(boundary));
      expect(outcomes).toEqual(wanted.outcomes);
    }),
    { numRuns: RUNS },
  );
}, 60_000);

/** Obeys the commands, each when all has come to rest, and looks at what has come of each. */
async function story(
  commands: Command[],
  dies: (boundary: number) => boolean,
  meanwhile?: (world: CrashingWorld) => void,
) {
  let seed = 1;
  const random = () => ((seed = (seed * 48_271) % 2_147_483_647), seed / 2_147_483_647);
  const world = new CrashingWorld(dies, random, meanwhile);
  const outcomes: string[] = [];
  for (const asked of commands) {
    await obey(world, asked);
    await world.settle();
    outcomes.push(outcome(world, asked));
    expect(whatIsWrong(world)).toEqual([]);
  }
  return { outcomes, boundaries: world.passed, crashes: world.crashes };
}

async function obey(world: CrashingWorld, asked: Command): Promise<void> {
  const service = () => world.state.services[serviceId];
  switch (asked.do) {
    case "deploy": {
      const spec = specOf(asked);
      const isTaken = () => service()?.deployments.some((one) => same(one.spec, spec)) === true;
      return world.request({ type: "update-service", serviceId, spec, force: false }, isTaken);
    }
    case "delete":
      return world.request({ type: "delete-service", serviceId }, () => service()?.status !== "ACTIVE");
    case "kill": {
      const running = Object.values(world.state.tasks).filter(({ lastStatus }) => lastStatus === "RUNNING");
      const { id = "", containers = [] } = running[asked.nth % running.length] ?? {};
      const found = containers[asked.what === "sidecar" ? 1 : 0];
      world.kill(asked.what === "network" ? nameOf(id) : nameOf(id, found?.name, found?.attempt), 137);
    }
  }
}

/** A helper is started again when it ends; web waits for the end of an init container. */
function specOf({ image, desired, sidecar }: Extract<Command, { do: "deploy" }>): DeploymentSpec {
  const helper = {
    name: "side",
    image: "sha256:helper",
    essential: false,
    restartPolicy: { enabled: true, restartAttemptPeriod: 0 },
  };
  const init = { name: "side", image: "sha256:done", essential: false };
  return webSpec({
    image: `sha256:${image}`,
    desired,
    drain: 1,
    sidecars: sidecar === "helper" ? [helper] : sidecar === "init" ? [init] : [],
    ...(sidecar === "init" ? { web: { dependsOn: [{ containerName: "side", condition: "SUCCESS" }] } } : {}),
  });
}

function same(some: DeploymentSpec, other: DeploymentSpec): boolean {
  return JSON.stringify([some.plan, some.images]) === JSON.stringify([other.plan, other.images]);
}

function outcome({ state, names }: CrashingWorld, asked: Command): string {
  const what = asked.do === "deploy" ? `deploy ${asked.image} ×${asked.desired}` : asked.do;
  const service = state.services[serviceId];
  if (service === undefined) return `${what}: no service`;
  const deployments = service.deployments.map(({ status, revision, rolloutState, spec }) =>
    [status, revision, rolloutState, spec.images["web"]].join(" "),
  );
  const tasks = Object.values(state.tasks).filter(({ lastStatus }) => lastStatus !== "STOPPED");
  const running = tasks.map(({ lastStatus, revision, id }) => `${lastStatus} ${revision} ${names.get(id)?.[1]}`);
  const rules = Object.entries(service.rulePriorities).map(([key, priority]) => `${key} at ${priority}`);
  return [`${what}: ${deployments.join(", ")}`, ...running.toSorted(), ...rules].join("; ");
}

/** What is orphaned, doubled, lost or started twice. */
function whatIsWrong(world: CrashingWorld): string[] {
  const { state, machine, names, journal } = world;
  const live = Object.values(state.tasks).filter(({ lastStatus }) => lastStatus !== "STOPPED");
  const wanted = live.flatMap(({ id, containers }) => [
    nameOf(id),
    ...containers.flatMap(({ name, attempt }) =>
      Array.from({ length: attempt }, (_, before) => nameOf(id, name, before + 1)),
    ),
  ]);
  return [
    ...[...machine.keys()].filter((name) => !wanted.includes(name)).map((name) => `orphaned: ${name}`),
    ...wanted.filter((name) => !machine.has(name)).map((name) => `missing: ${name}`),
    ...[...machine].filter(([, { starts }]) => starts > 1).map(([name]) => `started twice: ${name}`),
    ...[...names.keys()].filter((id) => !live.some((task) => task.id === id)).map((id) => `found but gone: ${id}`),
    ...[...journal.keys()].map((id) => `not done: ${id}`),
    ...(isDeepStrictEqual(world.written(), JSON.parse(JSON.stringify(state)))
      ? []
      : ["what is known is not what is written"]),
  ];
}
