import { expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import type { StoppedTask } from "../../src/providers/provider.ts";
import { FakeHost } from "../support/fake-host.ts";
import {
  accepted,
  completed,
  deployment,
  FakeProvider,
  progress,
  service,
  type Step,
  task,
} from "../support/fake-provider.ts";
import { Screen } from "../support/screen.ts";
import { demoWorkspace } from "./workspaces.ts";

const at = "2026-01-02T03:04:00.000Z";
const old = { ...completed(1), status: "ACTIVE" } as const;
const target = { targetGroup: "demo/local/api/main", address: "127.0.0.1:40000" };

const starting = progress(
  service([deployment(2, { pendingCount: 1 }), old], {
    tasks: [task("2", 2, { lastStatus: "PENDING" }), task("1", 1)],
  }),
  "1 task to start (pending)",
);
const checking = progress(
  service([deployment(2, { runningCount: 1 }), old], {
    tasks: [
      task("2", 2, { targets: [{ ...target, state: "initial", reason: "Elb.InitialHealthChecking" }] }),
      task("1", 1, { targets: [{ ...target, state: "healthy" }] }),
    ],
  }),
  "1 task to become healthy: Initial health checks in progress",
);
const done = progress(
  service([completed(2)], { tasks: [task("2", 2, { targets: [{ ...target, state: "healthy" }] })] }),
);
const stopped: StoppedTask = {
  id: "3".repeat(32),
  deploymentId: deployment(2).id,
  stopCode: "EssentialContainerExited",
  reason: "Essential container in task exited",
  containers: [{ name: "api", exitCode: 3 }],
  failedContainer: "api",
  lastLogs: ["no database"],
  hint: "pilotfish svc logs -n api -e local --previous",
};
const result = { outcome: "completed", status: service([completed(2)]), durationMs: 3200 } as const;

interface Show {
  columns?: number;
  rows?: number;
  env?: Record<string, string>;
}

/** Runs a deploy on a terminal; `look` keeps what is on the screen at that moment. */
async function watch(
  steps: (host: FakeHost, look: () => Promise<void>, screen: Screen) => Step[],
  { columns = 100, rows = 24, env }: Show = {},
): Promise<{ looks: string[]; host: FakeHost; screen: Screen }> {
  const screen = new Screen({ columns, rows });
  const looks: string[] = [];
  const look = async (): Promise<void> => {
    await screen.write("");
    looks.push(screen.text());
  };
  const script = { deploy: { steps: [] as Step[], result } };
  const host = new FakeHost({
    cwd: await demoWorkspace(),
    terminal: { columns, rows },
    env,
    provider: new FakeProvider(script),
  });
  script.deploy.steps = steps(host, look, screen);
  host.stderr.onWrite = (text) => void screen.write(text);
  expect(await main(["svc", "deploy", "-n", "api", "-e", "local"], host)).toBe(0);
  await look();
  return { looks, host, screen };
}

test("the tree shows deployments, tasks with their targets, and what is waited for, and ends in a clean picture", async () => {
  const { looks } = await watch((host, look) => [
    accepted(2),
    starting,
    () => host.pass(1200),
    look,
    checking,
    () => host.pass(2000),
    look,
    done,
  ]);
  expect(looks.join("\n=====\n")).toMatchInlineSnapshot(`
    "application demo · environment local · service api · simulator on this machine · runtime docker (Eng
    ine 20.10.24) · speed 10
    ⠹ revision 2  1 desired · 0 running · 1 pending · 0 healthy · 0 failed  1.2 s
        task 22222222  PENDING
    ✓ revision 1  1 desired · 1 running · 0 pending · 1 healthy · 0 failed
        task 11111111  RUNNING
      waiting for 1 task to start (pending)
    =====
    application demo · environment local · service api · simulator on this machine · runtime docker (Eng
    ine 20.10.24) · speed 10
    ⠹ revision 2  1 desired · 1 running · 0 pending · 0 healthy · 0 failed  3.2 s
        task 22222222  RUNNING       target initial (Elb.InitialHealthChecking)
    ✓ revision 1  1 desired · 1 running · 0 pending · 1 healthy · 0 failed
        task 11111111  RUNNING       target healthy
      waiting for 1 task to become healthy: Initial health checks in progress
    =====
    application demo · environment local · service api · simulator on this machine · runtime docker (Eng
    ine 20.10.24) · speed 10
    ✓ revision 2  1 desired · 1 running · 0 pending · 1 healthy · 0 failed  3.2 s
        task 22222222  RUNNING       target healthy"
  `);
});

test("a stopped task is printed above the tree at once, and stays", async () => {
  const { looks } = await watch((_host, look) => [
    accepted(2),
    starting,
    { type: "task-stopped", at, task: stopped },
    look,
    done,
  ]);
  expect(looks.join("\n=====\n")).toMatchInlineSnapshot(`
    "application demo · environment local · service api · simulator on this machine · runtime docker (Eng
    ine 20.10.24) · speed 10
    task 33333333 stopped: EssentialContainerExited: Essential container in task exited
      container api: exit code 3
      last log lines of api:
      | no database
      pilotfish svc logs -n api -e local --previous
    ⠋ revision 2  1 desired · 0 running · 1 pending · 0 healthy · 0 failed  0.0 s
        task 22222222  PENDING
    ✓ revision 1  1 desired · 1 running · 0 pending · 1 healthy · 0 failed
        task 11111111  RUNNING
      waiting for 1 task to start (pending)
    =====
    application demo · environment local · service api · simulator on this machine · runtime docker (Eng
    ine 20.10.24) · speed 10
    task 33333333 stopped: EssentialContainerExited: Essential container in task exited
      container api: exit code 3
      last log lines of api:
      | no database
      pilotfish svc logs -n api -e local --previous
    ✓ revision 2  1 desired · 1 running · 0 pending · 1 healthy · 0 failed  0.0 s
        task 22222222  RUNNING       target healthy"
  `);
});

test("on a narrow terminal lines are cut, never wrapped", async () => {
  const { looks } = await watch((host, look) => [accepted(2), checking, () => host.pass(100), look], { columns: 40 });
  expect(looks[0]).toMatchInlineSnapshot(`
    "application demo · environment local · s
    ervice api · simulator on this machine ·
     runtime docker (Engine 20.10.24) · spee
    d 10
    ⠙ revision 2  1 desired · 1 running · …
        task 22222222  RUNNING       targe…
    ✓ revision 1  1 desired · 1 running · …
        task 11111111  RUNNING       targe…
      waiting for 1 task to become healthy…"
  `);
});

test("a terminal that becomes narrower, then wider, shows one picture and nothing left of others", async () => {
  const { looks } = await watch((host, look, screen) => [
    accepted(2),
    checking,
    () => host.pass(100),
    async () => {
      await screen.write("");
      screen.resize(50, 24);
      host.stderr.resize(50, 24);
    },
    look,
    async () => {
      screen.resize(90, 24);
      host.stderr.resize(90, 24);
    },
    look,
  ]);
  expect(looks.slice(0, 2).join("\n=====\n")).toMatchInlineSnapshot(`
    "application demo · environment local · service api
     · simulator on this machine · runtime docker (Eng
    ine 20.10.24) · speed 10
    ⠙ revision 2  1 desired · 1 running · 0 pending …
        task 22222222  RUNNING       target initial …
    ✓ revision 1  1 desired · 1 running · 0 pending …
        task 11111111  RUNNING       target healthy
      waiting for 1 task to become healthy: Initial …
    =====
    application demo · environment local · service api · simulator on this machine · runtime d
    ocker (Engine 20.10.24) · speed 10
    ⠙ revision 2  1 desired · 1 running · 0 pending · 0 healthy · 0 failed  0.1 s
        task 22222222  RUNNING       target initial (Elb.InitialHealthChecking)
    ✓ revision 1  1 desired · 1 running · 0 pending · 1 healthy · 0 failed
        task 11111111  RUNNING       target healthy
      waiting for 1 task to become healthy: Initial health checks in progress"
  `);
});

test("a terminal with few rows shows the beginning of the tree and does not scroll", async () => {
  const { looks } = await watch(
    (host, look) => [accepted(2), checking, () => host.pass(100), look, () => host.pass(500), look],
    {
      rows: 4,
    },
  );
  expect(looks[1]?.split("\n").length).toBe(looks[0]?.split("\n").length);
});

test("the picture is redrawn in one piece and without clearing it first, so that it does not flicker", async () => {
  const pieces: string[] = [];
  await watch((host) => [
    accepted(2),
    checking,
    () => host.pass(100),
    () => {
      const { onWrite } = host.stderr;
      host.stderr.onWrite = (text) => {
        pieces.push(text);
        onWrite(text);
      };
      host.pass(100);
      host.stderr.onWrite = onWrite;
    },
  ]);
  expect(pieces).toHaveLength(1);
  expect(pieces[0]?.indexOf("\x1b[J")).toBeGreaterThan(pieces[0]?.indexOf("waiting for") ?? 0);
});

test("NO_COLOR leaves the tree without colours", async () => {
  const { host } = await watch((each) => [accepted(2), checking, () => each.pass(100)], { env: { NO_COLOR: "1" } });
  // oxlint-disable-next-line no-control-regex -- colours are control characters
  expect(host.stderr.text).not.toMatch(/\x1b\[\d+m/);
});

test("in CI lines are appended although there is a terminal", async () => {
  const { host } = await watch(() => [accepted(2), checking, done], { env: { CI: "true", NO_COLOR: "1" } });
  expect(host.stderr.text).toMatchInlineSnapshot(`
    "application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    deployment ecs-svc/0000000000000000002 of demo-local-api:2: accepted
    revision 2: 1 desired · 1 running · 0 pending · 0 healthy · 0 failed; revision 1: 1 desired · 1 running · 0 pending · 1 healthy · 0 failed; waiting for 1 task to become healthy: Initial health checks in progress
    revision 2: 1 desired · 1 running · 0 pending · 1 healthy · 0 failed
    "
  `);
});
