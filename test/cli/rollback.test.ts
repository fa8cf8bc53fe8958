import { expect, test } from "vitest";
import type { DeploymentStatus, DeployResult, WorkloadStatus } from "../../src/providers/provider.ts";
import { FakeHost, type FakeHostOptions, run } from "../support/fake-host.ts";
import { FakeProvider, type Script } from "../support/fake-provider.ts";
import { folderWith } from "../support/files.ts";

const deployment = (revision: number, more: Partial<DeploymentStatus> = {}): DeploymentStatus => ({
  id: `ecs-svc/${revision}`,
  status: "INACTIVE",
  rolloutState: "COMPLETED",
  rolloutStateReason: "",
  revision,
  desiredCount: 1,
  runningCount: 0,
  pendingCount: 0,
  healthyCount: 0,
  failedTasks: 0,
  createdAt: `2026-01-02T0${revision}:00:00.000Z`,
  updatedAt: "",
  images: [{ container: "api", name: `demo/api:v${revision}`, id: `sha256:${String(revision).repeat(64)}` }],
  ...more,
});

const serving = deployment(3, { status: "PRIMARY", runningCount: 1 });
const broken = deployment(2, { rolloutState: "FAILED", rolloutStateReason: "tasks failed to start" });

const statusWith = (deployments: DeploymentStatus[]): WorkloadStatus => ({
  app: "demo",
  env: "local",
  name: "api",
  status: "ACTIVE",
  desiredCount: 1,
  runningCount: 1,
  pendingCount: 0,
  deployments,
  tasks: [],
  stoppedTasks: [],
  events: [],
  urls: [],
});

const status = statusWith([serving, broken, deployment(1)]);
const completed: DeployResult = {
  outcome: "completed",
  deploymentId: "ecs-svc/4",
  status: statusWith([deployment(4, { status: "PRIMARY", runningCount: 1 })]),
  durationMs: 1000,
};

async function host(script: Script, options: Partial<FakeHostOptions> = {}) {
  const cwd = await folderWith({
    "copilot/.workspace": "application: demo\n",
    "copilot/api/manifest.yml": "name: api\ntype: Backend Service\nimage: { location: nginx, port: 80 }\n",
  });
  const provider = new FakeProvider(script);
  return { provider, host: new FakeHost({ cwd, provider, ...options }) };
}

const rollback = (...more: string[]) => ["svc", "rollback", ...more, "-n", "api", "-e", "local"];

test("the deployments of a simulated service are listed, newest first", async () => {
  const { host: where } = await host({ status });
  expect(await run(["svc", "history", "-n", "api", "-e", "local"], where)).toMatchInlineSnapshot(`
    "stdout:
       REVISION  DEPLOYED    RESULT                          IMAGE                       COMMIT  BY
    *  3         4 min ago   completed                       demo/api:v3 (333333333333)  -       -
       2         64 min ago  failed (tasks failed to start)  demo/api:v2 (222222222222)  -       -
       1         2 h ago     completed                       demo/api:v1 (111111111111)  -       -

    * serves now
    exit code 0"
  `);
});

test("a revision that is named is deployed again", async () => {
  const { host: where, provider } = await host({ status, rollBack: { steps: [], result: completed } });
  expect(await run(rollback("1"), where)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    stdout:
    api is deployed in 1.0 s: revision 4 serves, 1 of 1 task running
      logs: pilotfish svc logs -n api -e local --follow
    exit code 0"
  `);
  expect(provider.repeated.map(({ deploymentId }) => deploymentId)).toEqual(["ecs-svc/1"]);
});

test("on a terminal the versions that worked are offered", async () => {
  const terminal = { columns: 100, rows: 30 };
  const script = { status, rollBack: { steps: [], result: completed } };
  const { host: where, provider } = await host(script, { terminal, answers: ["revision 1"] });
  await run(rollback(), where);
  expect(where.asked).toMatchInlineSnapshot(`
    [
      "Which version of api is to be deployed again? [revision 1, 2 h ago, demo/api:v1 (111111111111)] revision 1",
    ]
  `);
  expect(provider.repeated.map(({ deploymentId }) => deploymentId)).toEqual(["ecs-svc/1"]);
});

test("without a terminal nothing is taken silently, and --yes takes the last that worked", async () => {
  const script = { status, rollBack: { steps: [], result: completed } };
  const { host: where, provider } = await host(script);
  expect(await run(rollback(), where)).toMatchInlineSnapshot(`
    "stderr:
    error  [revision] is needed: 1; or --yes for the last one that worked  (usage/missing-input)
           pilotfish svc rollback -n api -e local 1
    exit code 2"
  `);
  expect(provider.repeated).toEqual([]);
  const again = await host(script);
  await run(rollback("--yes"), again.host);
  expect(again.provider.repeated.map(({ deploymentId }) => deploymentId)).toEqual(["ecs-svc/1"]);
});

test("a version that never worked is refused, and so is one that nobody knows", async () => {
  const { host: where } = await host({ status });
  expect(await run(rollback("2"), where)).toMatchInlineSnapshot(`
    "stderr:
    error  revision 2 of api is no version that worked: failed  (history/not-restorable)
           pilotfish svc history -a demo -n api -e local
    exit code 1"
  `);
  expect(await run(rollback("9"), (await host({ status })).host)).toMatchInlineSnapshot(`
    "stderr:
    error  nobody remembers a revision 9 of api in local  (history/not-found)
           pilotfish svc history -a demo -n api -e local
    exit code 1"
  `);
  const alone = await host({ status: statusWith([serving]) });
  expect(await run(rollback("--yes"), alone.host)).toMatchInlineSnapshot(`
    "stderr:
    error  api has no former version in local that could be deployed again  (history/not-found)
           pilotfish svc history -a demo -n api -e local
    exit code 1"
  `);
});

test("--abort names the running deployment and stops it", async () => {
  const running = deployment(4, {
    status: "PRIMARY",
    rolloutState: "IN_PROGRESS",
    createdAt: "2026-01-02T03:03:05.000Z",
  });
  const stopped: DeployResult = {
    outcome: "failed",
    deploymentId: "ecs-svc/4",
    rolledBackTo: { deploymentId: "ecs-svc/3", revision: 3 },
    status,
    durationMs: 1000,
  };
  const script = { status: statusWith([running, serving]), rollBack: { steps: [], result: stopped } };
  const { host: where, provider } = await host(script);
  const abort = ["svc", "deploy", "--abort", "-n", "api", "-e", "local"];
  expect(await run(abort, where)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    note: aborts deployment ecs-svc/4 of revision 4, which began 60 s ago
    stdout:
    deployment ecs-svc/4 of api is stopped: revision 3 serves
    exit code 0"
  `);
  expect(provider.rolledBack.map(({ deploymentId }) => deploymentId)).toEqual(["ecs-svc/4"]);
  expect(await run(abort, (await host({ status })).host)).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    error  no deployment of api is running in local  (deploy/refused)
           pilotfish svc status -a demo -n api -e local
    exit code 1"
  `);
});
