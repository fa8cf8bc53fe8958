import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { afterEach, beforeAll, expect, test } from "vitest";
import { createAwsAccount } from "../../../src/providers/aws/aws-account.ts";
import { createAwsProvider } from "../../../src/providers/aws/aws-provider.ts";
import { explained } from "../../../src/providers/aws/explained.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { impatientTiming } from "../../support/aws/impatient-timing.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { createStack, smallShop } from "../../support/aws/small-shop.ts";
import { FakeHost, run } from "../../support/fake-host.ts";
import { folderWith } from "../../support/files.ts";

const group = "/copilot/shop-test-report";
const machine = "arn:aws:states:us-west-2:123456789012:stateMachine:shop-test-report";
const role = "arn:aws:iam::123456789012:role/shop-test-report";

const template = {
  Resources: {
    LogGroup: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: group } },
    TaskDefinition: {
      Type: "AWS::ECS::TaskDefinition",
      Properties: {
        Family: "shop-test-report",
        ContainerDefinitions: [{ Name: "report", Image: "busybox", Memory: 64 }],
      },
    },
    StateMachine: {
      Type: "AWS::StepFunctions::StateMachine",
      Properties: {
        StateMachineName: "shop-test-report",
        RoleArn: role,
        DefinitionString: '{"StartAt":"x","States":{"x":{"Type":"Succeed"}}}',
      },
    },
  },
};

/** As the host's clock has it. */
const now = Date.parse("2026-01-02T03:04:05Z");
const hour = 3_600_000;

/** Lines of a state machine's log. Source: AWS Step Functions Developer Guide, "Using CloudWatch Logs to log execution
 *  history" and "Amazon ECS RunTask": the output of TaskSubmitted is ECS's answer. */
function history(execution: string, at: number, task: string, end?: object) {
  const line = (type: string, after: number, details: object) => ({
    timestamp: at + after,
    message: JSON.stringify({
      id: String(after),
      type,
      details,
      event_timestamp: String(at + after),
      execution_arn: `${machine.replace("stateMachine", "execution")}:${execution}`,
    }),
  });
  const TaskArn = `arn:aws:ecs:us-west-2:123456789012:task/shop-test-Cluster/${task}`;
  return [
    line("ExecutionStarted", 0, { input: "{}", roleArn: role }),
    line("TaskSubmitted", 1000, { resource: "runTask.sync", output: JSON.stringify({ Tasks: [{ TaskArn }] }) }),
    ...(end === undefined ? [] : [line("error" in end ? "ExecutionFailed" : "ExecutionSucceeded", 60_000, end)]),
  ];
}

describeWithAws("jobs on AWS", (aws) => {
  let session: AwsSession | undefined;
  afterEach(() => session?.close());

  beforeAll(async () => {
    await smallShop(aws);
    await createStack(aws, "shop-test-report", template, {
      "copilot-environment": "test",
      "copilot-service": "report",
    });
    const logs = aws.client(CloudWatchLogsClient);
    const write = async (logStreamName: string, logEvents: { timestamp: number; message: string }[]) => {
      await logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName }));
      await logs.send(new PutLogEventsCommand({ logGroupName: group, logStreamName, logEvents }));
    };
    const real = Date.now();
    // CloudWatch takes no lines that are older than two weeks.
    const shift = real - now;
    await write("states/shop-test-report/1", [
      ...history("first", now - 26 * hour + shift, "aaaa1111", { output: "{}" }),
      ...history("second", now - 2 * hour + shift, "bbbb2222", { error: "States.TaskFailed", cause: "exit code 3" }),
      ...history("third", now - 60_000 + shift, "cccc3333"),
    ]);
    await write("copilot/report/aaaa1111", [{ timestamp: now - 26 * hour + 2000 + shift, message: "one" }]);
    await write("copilot/report/bbbb2222", [{ timestamp: now - 2 * hour + 2000 + shift, message: "two" }]);
    await write("copilot/report/cccc3333", [{ timestamp: now - 58_000 + shift, message: "three" }]);
  });

  async function say(line: string): Promise<string> {
    session = new AwsSession({ region: "us-west-2" });
    const account = explained(createAwsAccount(session, impatientTiming()));
    const provider = explained(createAwsProvider(account, session));
    const cwd = await folderWith({
      "copilot/.workspace": "application: shop\n",
      "copilot/report/manifest.yml": "name: report\ntype: Scheduled Job\n",
      "copilot/api/manifest.yml": "name: api\ntype: Backend Service\n",
    });
    const host = new FakeHost({ cwd, aws: { account, provider } });
    host.pass(Date.now() - now);
    const shown = await run(line.split(" "), host);
    return shown.replace(/\d{4}-\d\d-\d\dT[\d:]+(\.\d+)?Z/g, "TIME").replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "EXECUTION");
  }

  test("one is run now", async () => {
    expect(await say("job run -n report -e test")).toMatchInlineSnapshot(`
      "stdout:
      report runs in test: execution EXECUTION
        logs: pilotfish job logs -a shop -n report -e test --follow
      exit code 0"
    `);
    const { executions = [] } = await aws
      .client(SFNClient)
      .send(new ListExecutionsCommand({ stateMachineArn: machine }));
    expect(executions).toHaveLength(1);
  });

  test("its last runs are shown, newest first, with how they ended", async () => {
    const shown = await say("job status -n report -e test");
    expect(shown.replace(/RUNNING.* cccc/, "RUNNING … cccc")).toMatchInlineSnapshot(`
      "stdout:
      report of shop in test
      RUN     STATUS     STARTED   TOOK       TASKS
      third   RUNNING … cccc3333
      second  FAILED     2 h ago   1 min 0 s  bbbb2222
      first   SUCCEEDED  26 h ago  1 min 0 s  aaaa1111
      exit code 0"
    `);
    const [, document = ""] = (await say("job status -e test --last 2 --json")).split("stdout:\n");
    expect(JSON.parse(document.replace(/exit code 0$/, ""))).toMatchInlineSnapshot(`
      {
        "app": "shop",
        "env": "test",
        "executions": [
          {
            "id": "third",
            "startedAt": "TIME",
            "status": "RUNNING",
            "tasks": [
              "cccc3333",
            ],
          },
          {
            "cause": "exit code 3",
            "error": "States.TaskFailed",
            "id": "second",
            "startedAt": "TIME",
            "status": "FAILED",
            "stoppedAt": "TIME",
            "tasks": [
              "bbbb2222",
            ],
          },
        ],
        "name": "report",
      }
    `);
  });

  test("its logs are those of the last run, of several, or of a while; the state machine's when they are asked for", async () => {
    expect(await say("job logs -n report -e test")).toMatchInlineSnapshot(`
      "stdout:
      TIME  report/cccc3333  three
      exit code 0"
    `);
    expect(await say("job logs -n report -e test --last 2")).toMatchInlineSnapshot(`
      "stdout:
      TIME  report/bbbb2222  two
      TIME  report/cccc3333  three
      exit code 0"
    `);
    expect(await say("job logs -n report -e test --since 100h")).toMatchInlineSnapshot(`
      "stdout:
      TIME  report/aaaa1111  one
      TIME  report/bbbb2222  two
      TIME  report/cccc3333  three
      exit code 0"
    `);
    const withStates = await say("job logs -n report -e test --last 2 --include-state-machine --json");
    expect(withStates.match(/"container":"states"/g)).toHaveLength(5);
    expect(withStates).not.toContain('"first"');
  });

  test("what is no job, and what is not deployed, is told", async () => {
    expect(await say("job run -n api -e test")).toMatchInlineSnapshot(`
      "stderr:
      error  --name api: this is a service, not a job  (usage/invalid-flag)
             pilotfish svc status -n api
      exit code 2"
    `);
    expect(await say("job run -a shop -n nightly -e test")).toMatchInlineSnapshot(`
      "stderr:
      error  nightly of the application shop is not deployed to test  (service/not-found)
             pilotfish job deploy -a shop -n nightly -e test
      exit code 1"
    `);
    expect(await say("job run -n report -e local")).toMatchInlineSnapshot(`
      "stderr:
      error  report is a job, and the simulator of this version runs no jobs  (workload/not-deployed-here)
             pilotfish svc taskdef -n report -e local
      exit code 1"
    `);
  });
});
