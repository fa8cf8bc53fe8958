import { expect, test } from "vitest";
import type { LocalSimulator, SimulatorStatus } from "../../src/cli/wire-contract.ts";
import { FakeHost, run } from "../support/fake-host.ts";

const status: SimulatorStatus = {
  pid: 4711,
  version: "0.1.0",
  home: "/home/ada/.local/state/pilotfish",
  startedAt: "2026-01-02T03:00:00.000Z",
  runtime: "docker (Engine 20.10.24)",
  runtimeAvailable: true,
  speed: 10,
  services: [
    { id: "demo/local/api", status: "ACTIVE", desiredCount: 2, runningCount: 1, urls: ["http://127.0.0.1:8080/"] },
    { id: "demo/local/worker", status: "ACTIVE", desiredCount: 1, runningCount: 1, urls: [] },
  ],
  problems: [],
};

/** A simulator that can be started and stopped, and holds two services. */
function simulator(running: boolean, state: Partial<SimulatorStatus> = {}): LocalSimulator {
  let speed = 10;
  return {
    async start(options) {
      const started = !running;
      running = true;
      speed = options.speed ?? speed;
      return { ...status, ...state, speed, started };
    },
    status: async () => (running ? { ...status, ...state, speed } : undefined),
    async stop() {
      const was = running;
      running = false;
      return was;
    },
    reset: async () => ({ services: ["demo/local/api"] }),
  };
}

const say = (argv: string[], subject = simulator(true)): Promise<string> =>
  run(["local", ...argv], new FakeHost({ cwd: "/", simulator: subject }));

test("local start says what has started, and takes a speed", async () => {
  expect(await say(["start", "--speed", "1"], simulator(false))).toMatchInlineSnapshot(`
    "stdout:
    the simulator has started
    runtime  docker (Engine 20.10.24)
    speed    1
    process  4711, for 4 min
    state    /home/ada/.local/state/pilotfish

    demo/local/api     ACTIVE  1 of 2 running  http://127.0.0.1:8080/
    demo/local/worker  ACTIVE  1 of 1 running
    exit code 0"
  `);
  expect(await say(["start"], simulator(true))).toMatch(/^stdout:\nthe simulator was running\n/);
  expect(await say(["start", "--speed", "0"])).toMatchInlineSnapshot(`
    "stderr:
    error  --speed must be a number above 0  (usage/invalid-flag)
           pilotfish local start --help
    exit code 2"
  `);
});

test("local status shows services, and what is wrong", async () => {
  expect(await say(["status"])).toMatchInlineSnapshot(`
    "stdout:
    runtime  docker (Engine 20.10.24)
    speed    10
    process  4711, for 4 min
    state    /home/ada/.local/state/pilotfish

    demo/local/api     ACTIVE  1 of 2 running  http://127.0.0.1:8080/
    demo/local/worker  ACTIVE  1 of 1 running
    exit code 0"
  `);
  const problems = { runtimeAvailable: false, problems: ["port 8080 is taken by nginx (pid 12)"], services: [] };
  expect(await say(["status"], simulator(true, problems))).toMatchInlineSnapshot(`
    "stdout:
    runtime  docker (Engine 20.10.24), which does not answer at the moment
    speed    10
    process  4711, for 4 min
    state    /home/ada/.local/state/pilotfish
    problem: port 8080 is taken by nginx (pid 12)
    exit code 0"
  `);
});

test("local status says when nothing runs, and starts nothing", async () => {
  expect(await say(["status"], simulator(false))).toMatchInlineSnapshot(`
    "stdout:
    the simulator is not running; it starts with the first deploy
    exit code 0"
  `);
  expect(await say(["status", "--json"], simulator(false))).toMatchInlineSnapshot(`
    "stdout:
    {
      "running": false
    }
    exit code 0"
  `);
});

test("local stop says whether there was anything to stop", async () => {
  const subject = simulator(true);
  expect(await say(["stop"], subject)).toMatchInlineSnapshot(`
    "stdout:
    the simulator has stopped
    exit code 0"
  `);
  expect(await say(["stop"], subject)).toMatchInlineSnapshot(`
    "stdout:
    the simulator was not running
    exit code 0"
  `);
});

test("local reset removes nothing without a yes", async () => {
  expect(await say(["reset"])).toMatchInlineSnapshot(`
    "stderr:
    error  this cannot be undone, and there is nobody to ask: --yes is needed  (usage/missing-input)
           pilotfish local reset --yes
    exit code 2"
  `);
  expect(await say(["reset", "--yes"])).toMatchInlineSnapshot(`
    "stdout:
    the simulator is empty, with demo/local/api
    exit code 0"
  `);
});

test("what takes its time shows a person at a terminal what is waited for, and nobody else", async () => {
  const person = new FakeHost({ simulator: simulator(true), cwd: "/", terminal: { columns: 80, rows: 24 } });
  await run(["local", "stop"], person);
  expect(person.waits).toEqual(["stopping the simulator and its tasks", "stopping the simulator and its tasks: over"]);
  const pipe = new FakeHost({ cwd: "/", simulator: simulator(true) });
  await run(["local", "stop"], pipe);
  expect(pipe.waits).toEqual([]);
});
