import { setImmediate } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { FakeHost, run } from "../support/fake-host.ts";
import {
  accepted,
  completed,
  deployment,
  FakeProvider,
  progress,
  type Script,
  service,
  untilAborted,
} from "../support/fake-provider.ts";
import { screenOf } from "../support/screen.ts";
import { demoWorkspace } from "./workspaces.ts";

const terminal = { columns: 120, rows: 24 };
const going = service([deployment(2, { pendingCount: 1 }), { ...completed(1), status: "ACTIVE" }]);
const back = service([completed(1), deployment(2, { status: "INACTIVE", rolloutState: "FAILED" })]);

/** A deployment that goes on until nobody follows it, with Ctrl-C in the middle. */
const endless = (interrupt: () => void): Script => ({
  deploy: {
    steps: [accepted(2), progress(going, "1 task to start"), interrupt, untilAborted],
    result: { outcome: "completed", deploymentId: deployment(2).id, status: going, durationMs: 1000 },
  },
  rollBack: {
    steps: [progress(back)],
    result: {
      outcome: "failed",
      reason: "the user rolled it back",
      rolledBackTo: { deploymentId: deployment(1).id, revision: 1 },
      status: back,
      durationMs: 2000,
    },
  },
});

test("without a terminal the deployment goes on, and the last line says how to follow it", async () => {
  const provider = new FakeProvider(endless(() => host.interrupt()));
  const host = new FakeHost({ cwd: await demoWorkspace(), provider });
  expect(await run(["svc", "deploy", "-n", "api", "-e", "local"], host)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    deployment ecs-svc/0000000000000000002 of demo-local-api:2: accepted
    revision 2: 1 desired · 0 running · 1 pending · 0 healthy · 0 failed; revision 1: 1 desired · 1 running · 0 pending · 1 healthy · 0 failed; waiting for 1 task to start
    deployment ecs-svc/0000000000000000002 goes on without you; look after it: pilotfish svc status -n api -e local
    exit code 130"
  `);
  expect(provider.rolledBack).toEqual([]);
});

test("with --json the last line is the result, which says interrupted", async () => {
  const provider = new FakeProvider(endless(() => host.interrupt()));
  const host = new FakeHost({ cwd: await demoWorkspace(), provider });
  expect(await main(["svc", "deploy", "-e", "local", "--json"], host)).toBe(130);
  expect(JSON.parse(host.stdout.text.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({
    type: "result",
    outcome: "interrupted",
  });
});

test("on a terminal Ctrl-C asks; yes rolls back and follows that to its end", async () => {
  const provider = new FakeProvider(endless(() => host.interrupt()));
  const host = new FakeHost({ cwd: await demoWorkspace(), provider, terminal, answers: [true] });
  expect(await main(["svc", "deploy", "-e", "local"], host)).toBe(130);
  expect(host.asked).toMatchInlineSnapshot(`
    [
      "Roll back to the version before? (no: the deployment goes on without you) true",
    ]
  `);
  expect(provider.rolledBack).toEqual([
    { workload: { app: "demo", env: "local", name: "api" }, deploymentId: deployment(2).id },
  ]);
  expect(await screenOf(host.stderr.text, terminal)).toMatchInlineSnapshot(`
    "application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · spee
    d 10
    ✗ revision 2  1 desired · 0 running · 0 pending · 0 healthy · 0 failed  0.0 s
    ✓ revision 1  1 desired · 1 running · 0 pending · 1 healthy · 0 failed
    error  the deployment of api failed: the user rolled it back  (deploy/failed)
           | rolled back: revision 1 serves, 1 of 1 task running
           |   http://127.0.0.1:8080/
           pilotfish svc logs -n api -e local --previous"
  `);
});

test("no lets the deployment go on", async () => {
  const provider = new FakeProvider(endless(() => host.interrupt()));
  const host = new FakeHost({ cwd: await demoWorkspace(), provider, terminal, answers: [false] });
  expect(await main(["svc", "deploy", "-e", "local"], host)).toBe(130);
  expect(provider.rolledBack).toEqual([]);
  expect(await screenOf(host.stderr.text, terminal)).toMatchInlineSnapshot(`
    "application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · spee
    d 10
    · revision 2  1 desired · 0 running · 1 pending · 0 healthy · 0 failed  0.0 s
    ✓ revision 1  1 desired · 1 running · 0 pending · 1 healthy · 0 failed
      waiting for 1 task to start
    deployment ecs-svc/0000000000000000002 goes on without you; look after it: pilotfish svc status -n api -e local"
  `);
});

test("Ctrl-C as the answer leaves at once, and the deployment goes on", async () => {
  const provider = new FakeProvider(endless(() => host.interrupt()));
  const host = new FakeHost({ cwd: await demoWorkspace(), provider, terminal, answers: ["Ctrl-C"] });
  expect(await main(["svc", "deploy", "-e", "local"], host)).toBe(130);
  expect(provider.rolledBack).toEqual([]);
  expect(await screenOf(host.stderr.text, terminal)).toMatchInlineSnapshot(`
    "application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · spee
    d 10
    · revision 2  1 desired · 0 running · 1 pending · 0 healthy · 0 failed  0.0 s
    ✓ revision 1  1 desired · 1 running · 0 pending · 1 healthy · 0 failed
      waiting for 1 task to start
    deployment ecs-svc/0000000000000000002 goes on without you; look after it: pilotfish svc status -n api -e local"
  `);
});

test("a second Ctrl-C leaves at once, without an answer, and shows the cursor again", async () => {
  const provider = new FakeProvider(endless(() => host.interrupt()));
  const host = new FakeHost({ cwd: await demoWorkspace(), provider, terminal });
  host.prompts = async () => ({
    input: () => Promise.reject(new Error("not asked")),
    password: () => Promise.reject(new Error("not asked")),
    select: () => Promise.reject(new Error("not asked")),
    spinner: () => () => {},
    confirm: () => {
      host.interrupt();
      return new Promise(() => {});
    },
  });
  expect(await main(["svc", "deploy", "-e", "local"], host)).toBe(130);
  expect(provider.rolledBack).toEqual([]);
  expect(await screenOf(host.stderr.text, terminal)).toMatchInlineSnapshot(`
    "application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · spee
    d 10
    deployment ecs-svc/0000000000000000002 goes on without you; look after it: pilotfish svc status -n api -e local"
  `);
  expect(host.stderr.text.lastIndexOf("\x1b[?25h")).toBeGreaterThan(host.stderr.text.lastIndexOf("\x1b[?25l"));
});

test("a deployment that ends while the question stands takes the question back", async () => {
  const status = service([completed(2)]);
  const provider = new FakeProvider({
    deploy: {
      steps: [accepted(2), () => host.interrupt(), () => setImmediate(), () => setImmediate(), progress(status)],
      result: { outcome: "completed", deploymentId: deployment(2).id, status, durationMs: 1000 },
    },
  });
  const host = new FakeHost({ cwd: await demoWorkspace(), provider, terminal });
  host.prompts = async () => ({
    input: () => Promise.reject(new Error("not asked")),
    password: () => Promise.reject(new Error("not asked")),
    select: () => Promise.reject(new Error("not asked")),
    spinner: () => () => {},
    confirm: ({ signal }) =>
      new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(new Error("taken back")))),
  });
  expect(await main(["svc", "deploy", "-e", "local"], host)).toBe(130);
  expect(stripVTControlCharacters(host.stdout.text)).toMatchInlineSnapshot(`
    "api is deployed in 1.0 s: revision 2 serves, 1 of 1 task running
      http://127.0.0.1:8080/
      logs: pilotfish svc logs -n api -e local --follow
    "
  `);
});

test("Ctrl-C ends any other command at once", async () => {
  const provider = new FakeProvider({});
  provider.describeWorkload = () => {
    host.interrupt();
    return new Promise(() => {});
  };
  const host = new FakeHost({ cwd: await demoWorkspace(), provider });
  expect(await run(["svc", "status", "-n", "api", "-e", "local"], host)).toMatchInlineSnapshot(`
    "stderr:
    interrupted
    exit code 130"
  `);
});

test("Ctrl-C ends a log that is followed", async () => {
  const line = { at: "2026-01-02T03:04:00.000Z", task: "1".repeat(32), container: "api", stream: "stdout" } as const;
  const provider = new FakeProvider({
    logs: [{ ...line, message: "one" }, () => host.interrupt(), { ...line, message: "too late" }],
  });
  const host = new FakeHost({ cwd: await demoWorkspace(), provider });
  expect(await run(["svc", "logs", "-n", "api", "-e", "local", "--follow"], host)).toMatchInlineSnapshot(`
    "stdout:
    2026-01-02T03:04:00Z  api/11111111  one
    exit code 130"
  `);
});
