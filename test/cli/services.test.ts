import { expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import type { LogLine } from "../../src/providers/provider.ts";
import { FakeHost, run } from "../support/fake-host.ts";
import {
  completed,
  deployment,
  FakeProvider,
  progress,
  service,
  task,
  untilAborted,
} from "../support/fake-provider.ts";
import { demoWorkspace } from "./workspaces.ts";

const target = { targetGroup: "demo/local/api/main", address: "127.0.0.1:40000" };

const busy = service(
  [
    deployment(2, { runningCount: 1, pendingCount: 0, failedTasks: 1 }),
    { ...completed(1), status: "ACTIVE", createdAt: "2026-01-01T00:00:00.000Z" },
    deployment(0, { status: "INACTIVE", rolloutState: "COMPLETED", desiredCount: 0 }),
  ],
  {
    tasks: [
      task("2", 2, {
        startedAt: "2026-01-02T03:04:01.000Z",
        targets: [{ ...target, state: "unhealthy", reason: "Target.Timeout" }],
      }),
      task("1", 1, { desiredStatus: "STOPPED", lastStatus: "DEACTIVATING" }),
    ],
    stoppedTasks: [
      task("9", 2, {
        lastStatus: "STOPPED",
        desiredStatus: "STOPPED",
        stoppedAt: "2026-01-02T03:03:35.000Z",
        stopCode: "EssentialContainerExited",
        stoppedReason: "Essential container in task exited",
        containers: [{ name: "api", lastStatus: "STOPPED", exitCode: 1, image: "demo/api:latest" }],
      }),
    ],
    events: [{ at: "2026-01-02T03:04:00.000Z", message: "(service api) has started 1 tasks: (task 2\x1b[2J)." }],
  },
);

test("svc status shows addresses, deployments, tasks and events", async () => {
  const host = new FakeHost({ cwd: await demoWorkspace(), provider: new FakeProvider({ status: busy }) });
  expect(await run(["svc", "status", "-n", "api", "-e", "local"], host)).toMatchInlineSnapshot(`
    "stdout:
    api of demo in local: ACTIVE, 1 task desired, 2 running, 0 pending
      http://127.0.0.1:8080/

    Deployments
      REVISION  STATUS   ROLLOUT      DESIRED  RUNNING  HEALTHY  FAILED  IMAGE                           CREATED
      2         PRIMARY  IN_PROGRESS  1        1        0        1       demo/api:latest (abababababab)  5 s ago
      1         ACTIVE   COMPLETED    1        1        1        0       demo/api:latest (abababababab)  27 h ago

    Tasks
      TASK      REVISION  STATUS                  HEALTH   TARGET                      STARTED
      22222222  2         RUNNING                 UNKNOWN  unhealthy (Target.Timeout)  4 s ago
      11111111  1         DEACTIVATING → STOPPED  UNKNOWN  -                           -

    Stopped tasks
      99999999  revision 2  30 s ago  EssentialContainerExited  Essential container in task exited; api exited with code 1

    Events
      5 s ago  (service api) has started 1 tasks: (task 2).
    exit code 0"
  `);
});

test("svc status says which rule nothing from here comes through", async () => {
  const status = service([completed(1)], { notes: ["the rule for /vpn takes requests from 10.0.0.0/8 alone"] });
  const host = new FakeHost({ cwd: await demoWorkspace(), provider: new FakeProvider({ status }) });
  await run(["svc", "status", "-n", "api", "-e", "local"], host);
  expect(host.stdout.text.split("\n").slice(0, 3)).toMatchInlineSnapshot(`
    [
      "api of demo in local: ACTIVE, 1 task desired, 1 running, 0 pending",
      "  http://127.0.0.1:8080/",
      "  the rule for /vpn takes requests from 10.0.0.0/8 alone",
    ]
  `);
});

test("svc status --json is the status itself", async () => {
  const host = new FakeHost({ cwd: await demoWorkspace(), provider: new FakeProvider({ status: busy }) });
  expect(await main(["svc", "status", "-n", "api", "-e", "local", "--json"], host)).toBe(0);
  expect(JSON.parse(host.stdout.text)).toEqual(busy);
});

test("a service that is not deployed is refused with how to deploy it, by every command that needs one", async () => {
  const cwd = await demoWorkspace();
  const say = (verb: string, ...more: string[]): Promise<string> =>
    run(["svc", verb, "-n", "api", "-e", "local", ...more], new FakeHost({ cwd, provider: new FakeProvider({}) }));
  const expected = await say("status");
  expect(expected).toMatchInlineSnapshot(`
    "stderr:
    error  api of the application demo is not deployed to local  (service/not-found)
           pilotfish svc deploy -n api -e local
    exit code 1"
  `);
  expect(await say("logs")).toBe(expected);
  expect(await say("delete", "--yes")).toBe(expected);
});

const line = (message: string, stream: LogLine["stream"] = "stdout"): LogLine => ({
  at: "2026-01-02T03:04:05.678Z",
  task: "1".repeat(32),
  container: "api",
  stream,
  message,
});

test("svc logs prints line by line, made harmless for a terminal", async () => {
  const provider = new FakeProvider({
    logs: [line("one"), line("\x1b[2Jtwo\x07\x1b]0;title\x07", "stderr"), line("a\tb")],
  });
  const host = new FakeHost({ cwd: await demoWorkspace(), provider });
  expect(await run(["svc", "logs"], host)).toMatchInlineSnapshot(`
    "stderr:
    logs of api of demo in local
    stdout:
    2026-01-02T03:04:05Z  api/11111111  one
    2026-01-02T03:04:05Z  api/11111111  two
    2026-01-02T03:04:05Z  api/11111111  a b
    exit code 0"
  `);
});

test("svc logs --json prints each line as it is, and a last line that says it is whole", async () => {
  const host = new FakeHost({
    cwd: await demoWorkspace(),
    provider: new FakeProvider({ logs: [line("\x1b[31mred")] }),
  });
  expect(await run(["svc", "logs", "-n", "api", "-e", "local", "--json"], host)).toMatchInlineSnapshot(`
    "stdout:
    {"type":"log","at":"2026-01-02T03:04:05.678Z","task":"11111111111111111111111111111111","container":"api","stream":"stdout","message":"\\u001b[31mred"}
    {"type":"result"}
    exit code 0"
  `);
});

test("svc logs hands its filters on", async () => {
  const provider = new FakeProvider({ logs: [] });
  const flags = ["--since", "1h30m", "--limit", "10", "--tasks", "ab,cd", "--tasks", "ef", "--container", "api", "-p"];
  const host = new FakeHost({ cwd: await demoWorkspace(), provider });
  await main(["svc", "logs", "-n", "api", "-e", "local", ...flags], host);
  const between = ["--start-time", "2026-01-01T00:00:00Z", "--end-time", "2026-01-01T01:00:00+01:00"];
  await main(["svc", "logs", "-n", "api", "-e", "local", ...between], host);
  expect(provider.logsAsked).toMatchInlineSnapshot(`
    [
      {
        "app": "demo",
        "container": "api",
        "env": "local",
        "filter": undefined,
        "follow": false,
        "limit": 10,
        "logGroup": undefined,
        "name": "api",
        "previous": true,
        "since": 1767317645000,
        "tasks": [
          "ab",
          "cd",
          "ef",
        ],
        "until": undefined,
      },
      {
        "app": "demo",
        "container": undefined,
        "env": "local",
        "filter": undefined,
        "follow": false,
        "limit": undefined,
        "logGroup": undefined,
        "name": "api",
        "previous": false,
        "since": 1767225600000,
        "tasks": undefined,
        "until": 1767225600000,
      },
    ]
  `);
});

test("svc logs of tasks that there are none of says so, and of one that printed nothing prints nothing", async () => {
  const provider = new FakeProvider({ logs: [], status: busy });
  const cwd = await demoWorkspace();
  const logs = (...flags: string[]) =>
    run(["svc", "logs", "-n", "api", "-e", "local", ...flags], new FakeHost({ cwd, provider }));
  expect(await logs("--tasks", "zzz")).toMatchInlineSnapshot(`
    "stderr:
    error  no task of api has an id that begins with zzz  (task/not-found)
           the tasks are 22222222222222222222222222222222, 11111111111111111111111111111111, 99999999999999999999999999999999
    exit code 1"
  `);
  expect(await logs("--tasks", "zzz", "--follow")).toContain("task/not-found");
  expect(await logs("--tasks", "9")).toMatchInlineSnapshot(`"exit code 0"`);
});

test("svc logs ends quietly when nobody reads any more", async () => {
  const provider = new FakeProvider({ logs: [line("one"), () => host.stdout.close(), untilAborted, line("two")] });
  const host = new FakeHost({ cwd: await demoWorkspace(), provider });
  expect(await run(["svc", "logs", "-n", "api", "-e", "local", "--follow"], host)).toMatchInlineSnapshot(`
    "stdout:
    2026-01-02T03:04:05Z  api/11111111  one
    exit code 0"
  `);
});

test("svc delete asks, follows the removal and says what is left", async () => {
  const gone = service([], { status: "INACTIVE", urls: [] });
  const provider = new FakeProvider({
    status: service([completed(1)]),
    delete: [progress(service([completed(1)], { status: "DRAINING" }), "1 task to stop"), progress(gone)],
  });
  const yes = new FakeHost({ cwd: await demoWorkspace(), provider });
  expect(await run(["svc", "delete", "-n", "api", "-e", "local", "--yes"], yes)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    revision 1: 1 desired · 1 running · 0 pending · 1 healthy · 0 failed; waiting for 1 task to stop
    stdout:
    api is deleted from local; its manifest is still there
    exit code 0"
  `);
  expect(provider.deleted).toEqual([{ app: "demo", env: "local", name: "api" }]);
});

test("svc delete deletes nothing without a yes", async () => {
  const provider = new FakeProvider({ status: service([completed(1)]) });
  const cwd = await demoWorkspace();
  const argv = ["svc", "delete", "-n", "api", "-e", "local"];
  expect(await run(argv, new FakeHost({ cwd, provider }))).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    error  this cannot be undone, and there is nobody to ask: --yes is needed  (usage/missing-input)
           pilotfish svc delete -n api -e local --yes
    exit code 2"
  `);
  const terminal = { columns: 120, rows: 24 };
  const asked = new FakeHost({ cwd, provider, terminal, env: { NO_COLOR: "1" }, answers: [false] });
  expect(await run(argv, asked)).toMatchInlineSnapshot(`
    "asked:
    Delete api of demo from local, with its tasks and logs? false
    stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · spee
    d 10
    stdout:
    nothing was deleted
    exit code 0"
  `);
  expect(provider.deleted).toEqual([]);
});

test("svc delete --json ends with a result", async () => {
  const provider = new FakeProvider({ status: service([completed(1)]), delete: [] });
  const host = new FakeHost({ cwd: await demoWorkspace(), provider });
  expect(await run(["svc", "delete", "-n", "api", "-e", "local", "--yes", "--json"], host)).toMatchInlineSnapshot(`
    "stdout:
    {"type":"target","app":"demo","env":"local","name":"api","target":{"provider":"local","label":"simulator on this machine","runtime":"docker (Engine 20.10.24)","speed":10}}
    {"type":"deleted","what":"service","env":"local","name":"api"}
    {"type":"result"}
    exit code 0"
  `);
});

test("svc taskdef prints the task definition on stdout alone", async () => {
  const host = new FakeHost({ cwd: await demoWorkspace() });
  expect(await main(["svc", "taskdef", "-n", "api", "-e", "test"], host)).toBe(0);
  expect(host.stderr.text).toBe("");
  expect(JSON.parse(host.stdout.text)).toMatchObject({
    family: "demo-test-api",
    executionRoleArn: "<execution role>",
    containerDefinitions: [{ name: "api", image: "<image of api>" }],
  });
});

test("validate shows all problems and fails for errors; for warnings only when it is strict", async () => {
  const cwd = await demoWorkspace({
    "copilot/web/manifest.yml": "name: web\ntype: Backend Service\nimage:\n  location: x\nexek: true\n",
  });
  expect(await run(["validate"], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stdout:
    copilot/web/manifest.yml:5:1  warning  unknown key \`exek\`; it has no effect  (schema/unknown-key)
                                           did you mean \`exec\`?
    2 manifests: 1 warning
    exit code 0"
  `);
  expect(await run(["validate", "--strict"], new FakeHost({ cwd }))).toMatch(/exit code 1$/);
  const broken = await demoWorkspace({ "copilot/web/manifest.yml": "- a\n" });
  expect(await run(["validate", "-n", "web"], new FakeHost({ cwd: broken }))).toMatchInlineSnapshot(`
    "stdout:
    copilot/web/manifest.yml:1:1  error  a manifest is a map of keys, not a list  (yaml/not-a-map)
                                         start with \`name:\` and \`type:\`
    1 manifest: 1 error
    exit code 1"
  `);
  expect(await run(["validate", "-n", "web", "--json"], new FakeHost({ cwd: broken }))).toMatchInlineSnapshot(`
    "stdout:
    {
      "diagnostics": [
        {
          "severity": "error",
          "code": "yaml/not-a-map",
          "message": "a manifest is a map of keys, not a list",
          "hint": "start with \`name:\` and \`type:\`",
          "file": "copilot/web/manifest.yml",
          "line": 1,
          "column": 1,
          "path": ""
        }
      ],
      "leftOut": [],
      "files": 1,
      "failed": true
    }
    exit code 1"
  `);
});
