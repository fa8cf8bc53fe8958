import { expect, test } from "vitest";
import type { TaskStatus } from "../../src/providers/provider.ts";
import { FakeHost, run } from "../support/fake-host.ts";
import { accepted, completed, deployment, FakeProvider, progress, service, task } from "../support/fake-provider.ts";
import { demoWorkspace } from "./workspaces.ts";

/** The main container waits for a migration that is done and a database that becomes healthy. */
const containers: TaskStatus["containers"] = [
  { name: "api", lastStatus: "PENDING", image: "demo/api:1", essential: true, restarts: 0 },
  { name: "database", lastStatus: "RUNNING", image: "db:1", essential: true, health: "UNKNOWN", restarts: 2 },
  { name: "migration", lastStatus: "STOPPED", image: "demo/api:1", essential: false, exitCode: 0, restarts: 0 },
];
const starting = service([deployment(1, { pendingCount: 1 })], {
  tasks: [task("1", 1, { lastStatus: "PENDING", containers })],
  stoppedTasks: [
    task("9", 1, {
      lastStatus: "STOPPED",
      desiredStatus: "STOPPED",
      stoppedAt: "2026-01-02T03:03:35.000Z",
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      containers: [
        {
          name: "api",
          lastStatus: "STOPPED",
          exitCode: 137,
          reason: "OutOfMemoryError: Container killed due to memory usage",
          image: "demo/api:1",
        },
        { name: "proxy", lastStatus: "STOPPED", exitCode: 0, image: "proxy:1" },
      ],
    }),
  ],
  urls: [],
});

test("svc status shows the containers of tasks with several: health, restarts, whether they are essential", async () => {
  const host = new FakeHost({ cwd: await demoWorkspace(), provider: new FakeProvider({ status: starting }) });
  expect(await run(["svc", "status", "-n", "api", "-e", "local"], host)).toMatchInlineSnapshot(`
    "stdout:
    api of demo in local: ACTIVE, 1 task desired, 0 running, 1 pending

    Deployments
      REVISION  STATUS   ROLLOUT      DESIRED  RUNNING  HEALTHY  FAILED  IMAGE                           CREATED
      1         PRIMARY  IN_PROGRESS  1        0        0        0       demo/api:latest (abababababab)  5 s ago

    Tasks
      TASK      REVISION  STATUS             HEALTH   TARGET  STARTED
      11111111  1         PENDING → RUNNING  UNKNOWN  -       -

    Containers
      TASK      CONTAINER  STATUS                 HEALTH   ESSENTIAL  RESTARTS
      11111111  api        PENDING                -        yes        0
      11111111  database   RUNNING                UNKNOWN  yes        2
      11111111  migration  STOPPED (exit code 0)  -        no         0

    Stopped tasks
      99999999  revision 1  30 s ago  EssentialContainerExited  Essential container in task exited; api exited with code 137 (OutOfMemoryError: Container killed due to memory usage); proxy exited with code 0
    exit code 0"
  `);
});

test("a deploy on a terminal shows what each of several containers is doing", async () => {
  let during = "";
  const provider = new FakeProvider({
    deploy: {
      steps: [
        accepted(1),
        progress(starting, "1 task to start (pending)"),
        async () => {
          host.pass(100);
          const { screenOf } = await import("../support/screen.ts");
          during = await screenOf(host.stderr.text, host.stderr);
        },
      ],
      result: { outcome: "completed", status: service([completed(1)]), durationMs: 800 },
    },
  });
  const terminal = { columns: 100, rows: 24 };
  const host = new FakeHost({ cwd: await demoWorkspace(), provider, terminal, env: { NO_COLOR: "1" } });
  await run(["svc", "deploy", "-n", "api", "-e", "local"], host);
  expect(during.split("\n").slice(2).join("\n")).toMatchInlineSnapshot(`
    "⠙ revision 1  1 desired · 0 running · 1 pending · 0 healthy · 0 failed  0.1 s
        task 11111111  PENDING
          api        PENDING
          database   RUNNING  UNKNOWN  started again 2 times
          migration  STOPPED  exit code 0
      waiting for 1 task to start (pending)"
  `);
});
