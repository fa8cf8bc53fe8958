import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FakeHost, run } from "../support/fake-host.ts";
import { completed, FakeProvider, service } from "../support/fake-provider.ts";
import { demoWorkspace } from "./workspaces.ts";

/** Worker Services and Scheduled Jobs: checked, packaged and printed, and not deployed to the simulator. */

const worker = `name: orders
type: Worker Service
image:
  location: demo/orders:1
subscribe:
  topics:
    - { name: placed, service: api, queue: true }
`;

const job = `name: report
type: Scheduled Job
image:
  location: demo/report:1
on:
  schedule: 0 3 */2 * *
timeout: 10m
`;

const facts = JSON.stringify({
  account: "123456789012",
  region: "eu-west-1",
  artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" },
});

const workspace = (files: Record<string, string> = {}) =>
  demoWorkspace({
    "copilot/orders/manifest.yml": worker,
    "copilot/report/manifest.yml": job,
    "facts.json": facts,
    ...files,
  });

const provider = () =>
  new FakeProvider({
    deploy: { steps: [], result: { outcome: "completed", status: service([completed(1)]), durationMs: 800 } },
  });

test("job package writes a job's files under Copilot's names, and says what Copilot made of the schedule", async () => {
  const cwd = await workspace();
  const args = ["job", "package", "-n", "report", "-e", "test", "--facts", "facts.json", "--output-dir", "out"];
  expect(await run(args, new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    copilot/report/manifest.yml:6:13  warning  Copilot made \`cron(0 3 * * ? *)\` of this, which are other times than these  (job/schedule)
                                               it is deployed as \`cron(0 3 */2 * ? *)\`; write that to have it said plainly
    wrote out/report-test.stack.yml
    wrote out/report-test.params.json
    exit code 0"
  `);
  expect(await readdir(join(cwd, "out"))).toEqual(["report-test.params.json", "report-test.stack.yml"]);
  const { Parameters } = JSON.parse(await readFile(join(cwd, "out/report-test.params.json"), "utf8"));
  expect(Parameters.Schedule).toBe("cron(0 3 */2 * ? *)");
});

test("each group packages its own, and takes the only one without being told", async () => {
  const cwd = await workspace();
  const rest = ["-e", "test", "--facts", "facts.json"];
  expect(await run(["svc", "package", "-n", "report", ...rest], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    error  --name report: this is a job, not a service  (usage/invalid-flag)
           pilotfish job package -n report -e test --facts facts.json
    exit code 2"
  `);
  expect(await run(["job", "package", "-n", "orders", ...rest], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    error  --name orders: this is a service, not a job  (usage/invalid-flag)
           pilotfish svc package -n orders -e test --facts facts.json
    exit code 2"
  `);
  expect(await run(["svc", "package", ...rest], new FakeHost({ cwd }))).toMatchInlineSnapshot(`
    "stderr:
    error  --name is needed: api, orders  (usage/missing-input)
           pilotfish svc package -e test --facts facts.json -n api
    exit code 2"
  `);
  const template = await run(["job", "package", ...rest], new FakeHost({ cwd }));
  expect(template).toContain("AWS::StepFunctions::StateMachine");
  const none = await demoWorkspace({ "facts.json": facts });
  expect(await run(["job", "package", ...rest], new FakeHost({ cwd: none }))).toMatchInlineSnapshot(`
    "stderr:
    error  the application demo has no job yet  (workspace/workload-not-found)
           pilotfish job init
    exit code 1"
  `);
});

test("validate takes both, and says what the simulator does not run", async () => {
  const cwd = await workspace();
  expect(await run(["validate", "-e", "local"], new FakeHost({ cwd, provider: provider() }))).toMatchInlineSnapshot(`
    "stdout:
    copilot/report/manifest.yml:6:13  warning  Copilot made \`cron(0 3 * * ? *)\` of this, which are other times than these  (job/schedule)
                                               it is deployed as \`cron(0 3 */2 * ? *)\`; write that to have it said plainly
    copilot/orders/manifest.yml:2:7  note: orders is left out: deploying a Worker Service to this machine is not in this version
    copilot/report/manifest.yml:2:7  note: report is left out: deploying a Scheduled Job to this machine is not in this version
    3 manifests: 1 warning
    exit code 0"
  `);
});

test("svc taskdef prints the task definition of a worker", async () => {
  const cwd = await workspace();
  const printed = await run(["svc", "taskdef", "-n", "orders", "-e", "test"], new FakeHost({ cwd }));
  expect(printed.split("\n").filter((line) => line.includes("queue") || line.includes("QUEUE"))).toMatchInlineSnapshot(`
    [
      "          "name": "COPILOT_QUEUE_URI",",
      "          "value": "<URL of queue EventsQueue>"",
      "          "name": "COPILOT_TOPIC_QUEUE_URIS",",
      "          "value": "{\\"apiPlacedEventsQueue\\":\\"<URL of queue apiplacedEventsQueue>\\"}"",
    ]
  `);
});

test("a worker and a job are refused by name, and left out of a deploy of everything", async () => {
  const cwd = await workspace();
  const deploy = (...args: string[]) => run([...args, "-e", "local"], new FakeHost({ cwd, provider: provider() }));
  expect(await deploy("svc", "deploy", "-n", "orders")).toMatchInlineSnapshot(`
    "stderr:
    copilot/orders/manifest.yml  error  orders is a Worker Service, and deploying one to this machine is not in this version of pilotfish  (workload/not-deployed-here)
                                        pilotfish svc package -n orders -e test --facts facts.json
    exit code 1"
  `);
  expect(await deploy("deploy", "-n", "report")).toMatchInlineSnapshot(`
    "stderr:
    copilot/report/manifest.yml  error  report is a Scheduled Job, and deploying one to this machine is not in this version of pilotfish  (workload/not-deployed-here)
                                        pilotfish job package -n report -e test --facts facts.json
    exit code 1"
  `);
  expect(await deploy("deploy")).toMatchInlineSnapshot(`
    "stderr:
    application demo · environment local · service api · simulator on this machine · runtime docker (Engine 20.10.24) · speed 10
    copilot/orders/manifest.yml  note: orders is left out: deploying a Worker Service to this machine is not in this version
    copilot/report/manifest.yml  note: report is left out: deploying a Scheduled Job to this machine is not in this version
    stdout:
    api is deployed in 800 ms: revision 1 serves, 1 of 1 task running
      http://127.0.0.1:8080/
      logs: pilotfish svc logs -n api -e local --follow
    exit code 0"
  `);
});
