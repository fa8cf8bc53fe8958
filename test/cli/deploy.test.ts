import { expect, test } from "vitest";
import type { DeployEvent, StoppedTask } from "../../src/providers/provider.ts";
import { FakeHost, run } from "../support/fake-host.ts";
import {
  accepted,
  completed,
  deployment,
  FakeProvider,
  progress,
  service,
  simulatorTarget,
  type Step,
} from "../support/fake-provider.ts";
import { apiManifest, demoWorkspace } from "./workspaces.ts";

const at = "2026-01-02T03:04:00.000Z";

const good: Step[] = [
  accepted(1),
  progress(service([deployment(1, { pendingCount: 1 })]), "1 task to start (pending)"),
  { type: "task-started", at, task: "1".repeat(32), containers: [{ name: "api", runtimeId: "c".repeat(64) }] },
  progress(service([deployment(1, { runningCount: 1 })]), "1 task to become healthy"),
  progress(service([deployment(1, { runningCount: 1 })]), "1 task to become healthy"),
  { type: "service-event", at, message: "(service api) has reached a steady state." },
  progress(service([completed(1)])),
];

test("a deploy tells where it deploys, one line for each change, and what serves now", async () => {
  const provider = new FakeProvider({
    deploy: { steps: good, result: { outcome: "completed", status: service([completed(1)]), durationMs: 12_300 } },
  });
  const host = new FakeHost({ cwd: await demoWorkspace(), provider });
  expect(await run(["svc", "deploy", "-n", "api", "-e", "local"], host)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    deployment ecs-svc/0000000000000000001 of demo-local-api:1: accepted
    revision 1: 1 desired · 0 running · 1 pending · 0 healthy · 0 failed; waiting for 1 task to start (pending)
    task 11111111: started api (cccccccccccc)
    revision 1: 1 desired · 1 running · 0 pending · 0 healthy · 0 failed; waiting for 1 task to become healthy
    event: (service api) has reached a steady state.
    revision 1: 1 desired · 1 running · 0 pending · 1 healthy · 0 failed
    stdout:
    api is deployed in 12.3 s: revision 1 serves, 1 of 1 task running
      http://127.0.0.1:8080/
      logs: pilotfish svc logs -n api -e local --follow
    exit code 0"
  `);
  expect(provider.deployed[0]).toMatchObject({
    images: { api: { name: "demo/api:1" } },
    force: false,
    noRollback: false,
    failFast: false,
    detach: false,
    timeoutMs: undefined,
  });
  expect(host.wireClosed).toBe(true);
});

test("a hotswap changes nothing on the simulator, which is said", async () => {
  const provider = new FakeProvider({
    deploy: { steps: [], result: { outcome: "completed", status: service([completed(1)]), durationMs: 800 } },
  });
  const host = new FakeHost({ cwd: await demoWorkspace(), provider });
  expect(await run(["svc", "deploy", "--hotswap"], host)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    note: --hotswap changes nothing here: the simulator has no stacks, and every deployment goes straight to its ECS
    stdout:
    api is deployed in 800 ms: revision 1 serves, 1 of 1 task running
      http://127.0.0.1:8080/
      logs: pilotfish svc logs -n api -e local --follow
    exit code 0"
  `);
  expect(provider.deployed[0]).not.toHaveProperty("hotswap");
  expect(await run(["svc", "deploy", "--hotswap", "--no-rollback"], host)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    note: --hotswap changes nothing here: the simulator has no stacks, and every deployment goes straight to its ECS
    error  --hotswap and --no-rollback exclude each other  (usage/invalid-flag)
           leave one of them out: pilotfish svc deploy --help
    stdout:
    api is deployed in 800 ms: revision 1 serves, 1 of 1 task running
      http://127.0.0.1:8080/
      logs: pilotfish svc logs -n api -e local --follow
    exit code 2"
  `);
  expect(await run(["deploy", "--hotswap"], host)).toContain("note: --hotswap changes nothing here");
});

test("what there is only one of needs not be named; every flag reaches the provider", async () => {
  const provider = new FakeProvider({
    deploy: { steps: [], result: { outcome: "completed", status: service([completed(1)]), durationMs: 800 } },
  });
  const host = new FakeHost({ cwd: await demoWorkspace(), provider });
  const flags = ["--force", "--no-rollback", "--fail-fast", "--detach", "--timeout", "1m30s"];
  expect(await run(["svc", "deploy", ...flags], host)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    stdout:
    api is deployed in 800 ms: revision 1 serves, 1 of 1 task running
      http://127.0.0.1:8080/
      logs: pilotfish svc logs -n api -e local --follow
    exit code 0"
  `);
  expect(provider.deployed[0]).toMatchObject({
    plan: { app: "demo", env: "local", name: "api" },
    force: true,
    noRollback: true,
    failFast: true,
    detach: true,
    timeoutMs: 90_000,
  });
});

test("a deploy that changes nothing says so and succeeds", async () => {
  const result = { outcome: "unchanged", status: service([completed(4)]), durationMs: 0 } as const;
  const provider = new FakeProvider({ deploy: { steps: [], result } });
  const host = new FakeHost({ cwd: await demoWorkspace(), provider });
  expect(await run(["svc", "deploy", "--local"], host)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    stdout:
    nothing has changed: revision 4 serves, 1 of 1 task running
      http://127.0.0.1:8080/
      deploy all the same: pilotfish svc deploy -n api -e local --force
    exit code 0"
  `);
});

test("a detached deploy says how to look after it", async () => {
  const result = {
    outcome: "detached",
    deploymentId: deployment(2).id,
    status: service([deployment(2)]),
    durationMs: 0,
  } as const;
  const provider = new FakeProvider({ deploy: { steps: [accepted(2)], result } });
  const host = new FakeHost({ cwd: await demoWorkspace(), provider });
  expect(await run(["svc", "deploy", "-e", "local", "--detach"], host)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    deployment ecs-svc/0000000000000000002 of demo-local-api:2: accepted
    stdout:
    deployment ecs-svc/0000000000000000002 has begun and goes on
      http://127.0.0.1:8080/
      look after it: pilotfish svc status -n api -e local
    exit code 0"
  `);
});

const stopped: StoppedTask = {
  id: "f".repeat(32),
  deploymentId: deployment(2).id,
  stopCode: "EssentialContainerExited",
  reason: "Essential container in task exited",
  containers: [{ name: "api", exitCode: 3 }, { name: "proxy" }],
  failedContainer: "api",
  lastLogs: ["starting", "\x1b[31mno\x1b[0m database\x1b]0;owned\x07", "50%\r100%"],
  hint: "pilotfish svc logs -n api -e local --previous",
};

const stoppedTwice: DeployEvent[] = [
  { type: "task-stopped", at, task: stopped },
  { type: "task-stopped", at, task: { ...stopped, id: "e".repeat(32) } },
];

test("a task that stops is shown at once with its end, its last lines and a hint; the same again in one line", async () => {
  const status = service([completed(1), deployment(2, { status: "INACTIVE", rolloutState: "FAILED", failedTasks: 2 })]);
  const provider = new FakeProvider({
    deploy: {
      steps: [accepted(2), ...stoppedTwice, progress(status)],
      result: {
        outcome: "failed",
        reason: "ECS deployment circuit breaker: tasks failed to start.",
        hint: stopped.hint,
        rolledBackTo: { deploymentId: deployment(1).id, revision: 1 },
        firstFailure: stopped,
        status,
        durationMs: 20_000,
      },
    },
  });
  const host = new FakeHost({ cwd: await demoWorkspace(), provider });
  expect(await run(["svc", "deploy", "-n", "api", "-e", "local"], host)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    deployment ecs-svc/0000000000000000002 of demo-local-api:2: accepted
    task ffffffff stopped: EssentialContainerExited: Essential container in task exited
      container api: exit code 3
      last log lines of api:
      | starting
      | no database
      | 100%
      pilotfish svc logs -n api -e local --previous
    task eeeeeeee stopped: EssentialContainerExited: Essential container in task exited (as above)
    revision 2: 1 desired · 0 running · 0 pending · 0 healthy · 2 failed; revision 1: 1 desired · 1 running · 0 pending · 1 healthy · 0 failed
    error  the deployment of api failed: ECS deployment circuit breaker: tasks failed to start.  (deploy/failed)
           | rolled back: revision 1 serves, 1 of 1 task running
           |   http://127.0.0.1:8080/
           pilotfish svc logs -n api -e local --previous
    exit code 1"
  `);
});

test("a first deploy that fails says that nothing runs", async () => {
  const status = service([deployment(1, { rolloutState: "FAILED", desiredCount: 0 })], { urls: [] });
  const result = { outcome: "failed", reason: "tasks failed to start.", status, durationMs: 9000 } as const;
  const provider = new FakeProvider({ deploy: { steps: [accepted(1)], result } });
  const host = new FakeHost({ cwd: await demoWorkspace(), provider });
  expect(await run(["svc", "deploy", "-e", "local"], host)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    deployment ecs-svc/0000000000000000001 of demo-local-api:1: accepted
    error  the deployment of api failed: tasks failed to start.  (deploy/failed)
           | nothing runs now; the next deploy needs no clean-up
           pilotfish svc logs -n api -e local --previous
    exit code 1"
  `);
});

test("a deployment whose place another one took has not succeeded", async () => {
  const status = service([completed(3)]);
  const result = { outcome: "superseded", reason: "deployment 3 took its place", status, durationMs: 1000 } as const;
  const provider = new FakeProvider({ deploy: { steps: [accepted(2)], result } });
  const host = new FakeHost({ cwd: await demoWorkspace(), provider });
  expect(await run(["svc", "deploy", "-e", "local"], host)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    deployment ecs-svc/0000000000000000002 of demo-local-api:2: accepted
    error  another deployment took the place of this one of api: deployment 3 took its place  (deploy/superseded)
           | revision 3 serves, 1 of 1 task running
           |   http://127.0.0.1:8080/
           pilotfish svc status -n api -e local
    exit code 1"
  `);
});

test("a deployment that is not done in time has not succeeded, and goes on", async () => {
  const status = service([deployment(2), { ...completed(1), status: "ACTIVE" }]);
  const result = { outcome: "timeout", deploymentId: deployment(2).id, status, durationMs: 60_000 } as const;
  const provider = new FakeProvider({ deploy: { steps: [accepted(2)], result } });
  const host = new FakeHost({ cwd: await demoWorkspace(), provider });
  expect(await run(["svc", "deploy", "-e", "local", "--timeout", "1m"], host)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    deployment ecs-svc/0000000000000000002 of demo-local-api:2: accepted
    error  the deployment of api is not done after 1 min 0 s; it goes on  (deploy/timeout)
           | revision 1 serves, 1 of 1 task running
           pilotfish svc status -n api -e local
    exit code 1"
  `);
});

test("half a minute without news brings a sign of life", async () => {
  const provider = new FakeProvider({
    deploy: {
      steps: [
        accepted(1),
        progress(service([deployment(1, { pendingCount: 1 })]), "1 task to start"),
        () => host.pass(29_000),
        () => host.pass(31_000),
        () => host.pass(30_000),
      ],
      result: { outcome: "completed", status: service([completed(1)]), durationMs: 90_000 },
    },
  });
  const host = new FakeHost({ cwd: await demoWorkspace(), provider });
  expect(await run(["svc", "deploy", "-e", "local"], host)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    deployment ecs-svc/0000000000000000001 of demo-local-api:1: accepted
    revision 1: 1 desired · 0 running · 1 pending · 0 healthy · 0 failed; waiting for 1 task to start
    still waiting for 1 task to start, 30.0 s so far
    still waiting for 1 task to start, 1 min 0 s so far
    still waiting for 1 task to start, 1 min 30 s so far
    stdout:
    api is deployed in 1 min 30 s: revision 1 serves, 1 of 1 task running
      http://127.0.0.1:8080/
      logs: pilotfish svc logs -n api -e local --follow
    exit code 0"
  `);
});

test("warnings are shown at their lines and do not stop a deploy; what the back end leaves out is named", async () => {
  const provider = new FakeProvider({
    deploy: {
      steps: [
        {
          type: "notice",
          code: "simulator/left-out",
          message: "exec is left out",
          place: { file: "copilot/api/manifest.yml", line: 8, column: 1 },
        },
        accepted(1),
      ],
      result: { outcome: "completed", status: service([completed(1)]), durationMs: 5000 },
    },
  });
  const manifest = `${apiManifest}exec: true\ncpuu: 256\n`;
  const host = new FakeHost({ cwd: await demoWorkspace({ "copilot/api/manifest.yml": manifest }), provider });
  expect(await run(["svc", "deploy", "-e", "local"], host)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    copilot/api/manifest.yml:9:1  warning  unknown key \`cpuu\`; it has no effect  (schema/unknown-key)
                                           did you mean \`cpu\`?
    copilot/api/manifest.yml:8:1  note: exec is left out
    deployment ecs-svc/0000000000000000001 of demo-local-api:1: accepted
    stdout:
    api is deployed in 5.0 s: revision 1 serves, 1 of 1 task running
      http://127.0.0.1:8080/
      logs: pilotfish svc logs -n api -e local --follow
    exit code 0"
  `);
});

test("a manifest with errors is not deployed: all of them are shown, each at its line", async () => {
  const manifest =
    "name: api\ntype: Load Balanced Web Service\nimage:\n  location: x\nhttp:\n  path: [1]\ncount: many\n";
  const provider = new FakeProvider({});
  const host = new FakeHost({ cwd: await demoWorkspace({ "copilot/api/manifest.yml": manifest }), provider });
  expect(await run(["svc", "deploy", "-e", "local"], host)).toMatchInlineSnapshot(`
    "stderr:
    copilot/api/manifest.yml:3:1  error  \`image.port\` is missing  (schema/missing)
                                         give the port that the program listens on: \`port: 8080\`
    copilot/api/manifest.yml:6:3  error  \`http.path\` must be text, not a list  (schema/type)
                                         give the path that leads to this service: \`path: /\`
    copilot/api/manifest.yml:7:8  error  \`count\` must be a whole number or a map, not \`many\`  (schema/type)
    error  copilot/api/manifest.yml has 3 errors  (manifest/invalid)
    exit code 1"
  `);
  expect(provider.deployed).toEqual([]);
});

test("without an Engine no image is built, and the deploy says so", async () => {
  const manifest = apiManifest.replace("location: demo/api:1", "build: Dockerfile");
  const provider = new FakeProvider({
    target: { ...simulatorTarget, runtime: "simulated (no Docker Engine answers)" },
    deploy: { steps: [], result: { outcome: "completed", status: service([completed(1)]), durationMs: 100 } },
  });
  const host = new FakeHost({
    cwd: await demoWorkspace({ Dockerfile: "FROM scratch\n", "copilot/api/manifest.yml": manifest }),
    provider,
  });
  expect(await run(["svc", "deploy", "-e", "local"], host)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime simulated (no Docker Engine answers) · speed 10
    note: no image is built: the simulated runtime runs no containers
    stdout:
    api is deployed in 100 ms: revision 1 serves, 1 of 1 task running
      http://127.0.0.1:8080/
      logs: pilotfish svc logs -n api -e local --follow
    exit code 0"
  `);
});

test("--json prints one event a line and the result last, and nothing else", async () => {
  const provider = new FakeProvider({
    deploy: {
      steps: [accepted(1), ...stoppedTwice.slice(0, 1)],
      result: { outcome: "completed", status: service([completed(1)]), durationMs: 5000 },
    },
  });
  const host = new FakeHost({ cwd: await demoWorkspace(), provider });
  expect(await run(["svc", "deploy", "-e", "local", "--json"], host)).toMatchInlineSnapshot(`
    "stdout:
    {"type":"target","app":"demo","env":"local","name":"api","target":{"provider":"local","label":"simulator on this machine","runtime":"docker (Engine 20.10.24)","speed":10}}
    {"type":"accepted","at":"2026-01-02T03:04:00.000Z","deploymentId":"ecs-svc/0000000000000000001","revision":1,"taskDefinition":"demo-local-api:1"}
    {"type":"task-stopped","at":"2026-01-02T03:04:00.000Z","task":{"id":"ffffffffffffffffffffffffffffffff","deploymentId":"ecs-svc/0000000000000000002","stopCode":"EssentialContainerExited","reason":"Essential container in task exited","containers":[{"name":"api","exitCode":3},{"name":"proxy"}],"failedContainer":"api","lastLogs":["starting","\\u001b[31mno\\u001b[0m database\\u001b]0;owned\\u0007","50%\\r100%"],"hint":"pilotfish svc logs -n api -e local --previous"}}
    {"type":"result","outcome":"completed","status":{"app":"demo","env":"local","name":"api","status":"ACTIVE","desiredCount":1,"runningCount":1,"pendingCount":0,"deployments":[{"id":"ecs-svc/0000000000000000001","status":"PRIMARY","rolloutState":"COMPLETED","rolloutStateReason":"","revision":1,"desiredCount":1,"runningCount":1,"pendingCount":0,"healthyCount":1,"failedTasks":0,"createdAt":"2026-01-02T03:04:00.000Z","updatedAt":"2026-01-02T03:04:00.000Z","images":[{"container":"api","name":"demo/api:latest","id":"sha256:abababababababababababababababababababababababababababababababab"}]}],"tasks":[],"stoppedTasks":[],"events":[],"urls":["http://127.0.0.1:8080/"]},"durationMs":5000}
    exit code 0"
  `);
});

test("--json prints an error as the last line too", async () => {
  const provider = new FakeProvider({});
  const host = new FakeHost({ cwd: await demoWorkspace({ "copilot/api/manifest.yml": "name: [\n" }), provider });
  expect(await run(["svc", "deploy", "-e", "local", "--json"], host)).toMatchInlineSnapshot(`
    "stdout:
    {"type":"error","code":"manifest/invalid","message":"copilot/api/manifest.yml has an error","details":[],"diagnostics":[{"severity":"error","code":"yaml/syntax","message":"this bracket is never closed","file":"copilot/api/manifest.yml","line":1,"column":7,"path":""}]}
    exit code 1"
  `);
});
