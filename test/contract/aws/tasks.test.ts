import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { DescribeTaskDefinitionCommand, DescribeTasksCommand, ECSClient, ListTasksCommand } from "@aws-sdk/client-ecs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { randomUUID } from "node:crypto";
import { chmod, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { describeWithRegistry } from "../../support/aws/describe-with-registry.ts";
import { ImpatientHost } from "../../support/aws/impatient-host.ts";
import { managerRights } from "../../support/aws/manager-rights.ts";
import { json } from "../../support/aws/scripted-ecs.ts";
import { createStack } from "../../support/aws/small-shop.ts";
import { whatIsLeft } from "../../support/aws/what-is-left.ts";
import { docker } from "../../support/docker.ts";
import { run } from "../../support/fake-host.ts";
import { folderWith } from "../../support/files.ts";

/** What opens a session, and a program in the place of the one that carries it. */
const opened = { sessionId: "ecs-execute-command-1", streamUrl: "wss://ssmmessages/1", tokenValue: "SECRET-TOKEN" };
const plugin = `#!/bin/sh
if [ "$1" = --version ]; then echo 1.2.650.0; else echo "$3 in $2: $1"; fi
`;

describeWithRegistry("one-off tasks", (aws, registry) => {
  let cwd: string;
  beforeEach(async () => {
    await aws.reset();
    cwd = await folderWith({ "copilot/.workspace": "application: shop\n", "migrate.env": "GREETING=hello\n" });
    await application();
    aws.use(managerRights());
  });

  /** The application `shop` with the environment `test`, as far as tasks need it. */
  async function application(): Promise<void> {
    const role = (name: string) => `arn:aws:iam::123456789012:role/shop-test-${name}`;
    const records = {
      "": { name: "shop", account: "123456789012", version: "1.0", permissionsBoundary: "edge" },
      "/environments/test": {
        app: "shop",
        name: "test",
        region: "us-west-2",
        accountID: "123456789012",
        executionRoleARN: role("CFNExecutionRole"),
        managerRoleARN: role("EnvManagerRole"),
      },
    };
    const ssm = aws.client(SSMClient);
    for (const [path, record] of Object.entries(records)) {
      const Name = `/copilot/applications/shop${path}`;
      await ssm.send(new PutParameterCommand({ Name, Type: "String", Value: JSON.stringify(record) }));
    }
    const subnet = (CidrBlock: string) => ({
      Type: "AWS::EC2::Subnet",
      Properties: { VpcId: { Ref: "VPC" }, CidrBlock, AvailabilityZone: "us-west-2a" },
    });
    const Resources = {
      VPC: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.0.0.0/16" } },
      Public: subnet("10.0.0.0/24"),
      Group: {
        Type: "AWS::EC2::SecurityGroup",
        Properties: { GroupDescription: "shop-test-env", VpcId: { Ref: "VPC" } },
      },
      Cluster: { Type: "AWS::ECS::Cluster", Properties: { ClusterName: "shop-test-Cluster" } },
    };
    const Outputs = {
      ClusterId: { Value: { Ref: "Cluster" } },
      PublicSubnets: { Value: { Ref: "Public" } },
      EnvironmentSecurityGroup: { Value: { "Fn::GetAtt": ["Group", "GroupId"] } },
    };
    await createStack(aws, "shop-test", { Resources, Outputs }, { "copilot-environment": "test" });
  }

  /** What a user sees, without what is another thing each time. */
  async function type(line: string[], { interruptAt }: { interruptAt?: RegExp } = {}): Promise<string> {
    const { PATH = "", HOME = "", DOCKER_CONFIG = "" } = process.env;
    const host = new ImpatientHost({ cwd, env: { PATH, HOME, DOCKER_CONFIG } });
    host.stderr.onWrite = (text) => void (interruptAt?.test(text) && host.interrupt());
    return normal(await run(line, host));
  }
  const words = (line: string) => line.split(" ");

  const mark = randomUUID();
  afterEach(async () => {
    vi.unstubAllEnvs();
    const found = await docker("images", "--all", "--quiet", "--filter", `label=mark=${mark}`);
    for (const id of new Set(found.split("\n").filter(Boolean))) await docker("rmi", "--force", id).catch(() => {});
  });

  const definitionOf = async (taskDefinition: string) =>
    (await aws.client(ECSClient).send(new DescribeTaskDefinitionCommand({ taskDefinition }))).taskDefinition;
  const runningTasks = async (cluster: string) => {
    const ecs = aws.client(ECSClient);
    const { taskArns: tasks = [] } = await ecs.send(new ListTasksCommand({ cluster, desiredStatus: "RUNNING" }));
    if (tasks.length === 0) return [];
    const described = await ecs.send(new DescribeTasksCommand({ cluster, tasks }));
    return (described.tasks ?? []).map(({ lastStatus, startedBy, launchType, taskDefinitionArn = "" }) =>
      [lastStatus, startedBy, launchType, taskDefinitionArn.split("/").at(-1)].join(" "),
    );
  };
  const describeStack = async (name: string) => {
    const { Stacks: [stack] = [] } = await aws
      .client(CloudFormationClient)
      .send(new DescribeStacksCommand({ StackName: name }));
    return stack;
  };

  test("run from a Dockerfile: image and tasks are where Copilot has them, and a deletion leaves nothing", async () => {
    await writeFile(join(cwd, "Dockerfile"), `FROM scratch\nCOPY migrate.env /\nLABEL mark=${mark}\n`);
    await aws.client(SSMClient).send(new PutParameterCommand({ Name: "/migrate/key", Type: "String", Value: "x" }));
    const before = await whatIsLeft(aws, ["us-west-2"]);
    const ran = await type([
      ...words("task run -n migrate -e test --tag v1 --count 2 --env-file migrate.env --env-vars MODE=a,SIZE=2"),
      "--secrets",
      "KEY=/migrate/key",
      "--command",
      "sh -c 'echo a, b'",
      "--resource-tags",
      "team=blue",
    ]);
    expect(ran).toMatchInlineSnapshot(`
      "stderr:
      application shop · environment test · task group migrate · account 123456789012, us-west-2
      stack task-migrate: creating
      stack task-migrate: DefaultExecutionRole (AWS::IAM::Role) CREATE_COMPLETE
      stack task-migrate: DefaultTaskRole (AWS::IAM::Role) CREATE_COMPLETE
      stack task-migrate: ECRRepo (AWS::ECR::Repository) CREATE_COMPLETE
      stack task-migrate: LogGroup (AWS::Logs::LogGroup) CREATE_COMPLETE
      stack task-migrate: S3Bucket (AWS::S3::Bucket) CREATE_COMPLETE
      stack task-migrate: S3BucketPolicy (AWS::S3::BucketPolicy) CREATE_COMPLETE
      stack task-migrate: CREATE_COMPLETE
      image of migrate: building Dockerfile for linux/amd64
      image of migrate: built copilot-migrate:v1 (DIGEST) in 0 ms
      image of migrate: pushing HOST/copilot-migrate:v1
      image of migrate: pushed HOST/copilot-migrate:v1 (DIGEST) in 0 ms
      stack task-migrate: updating
      stack task-migrate: TaskDefinition (AWS::ECS::TaskDefinition) CREATE_COMPLETE
      stack task-migrate: DefaultExecutionRole (AWS::IAM::Role) UPDATE_COMPLETE
      stack task-migrate: UPDATE_COMPLETE
      tasks of migrate in the cluster shop-test-Cluster: TASK, TASK
      task TASK: RUNNING
      task TASK: RUNNING
      stdout:
      2 tasks of migrate run in test of shop
        TASK  RUNNING
        TASK  RUNNING
        a shell in one: pilotfish task exec --app shop --env test -n migrate
        stop and remove: pilotfish task delete --app shop --env test -n migrate
      exit code 0"
    `);
    const definition = await definitionOf("copilot-migrate");
    const image = definition?.containerDefinitions?.[0]?.image ?? "";
    expect(
      JSON.parse(
        JSON.stringify(definition?.containerDefinitions)
          .replace(/sha256:[0-9a-f]{64}/, "DIGEST")
          .replaceAll(registry.host, "HOST")
          .replace(/task-migrate-s3bucket-\w+/i, "BUCKET")
          .replace(/[0-9a-f]{64}\.env/, "HASH.env"),
      ),
    ).toMatchInlineSnapshot(`
      [
        {
          "command": [
            "sh",
            "-c",
            "echo a, b",
          ],
          "cpu": 0,
          "environment": [
            {
              "name": "MODE",
              "value": "a",
            },
            {
              "name": "SIZE",
              "value": "2",
            },
          ],
          "environmentFiles": [
            {
              "type": "s3",
              "value": "arn:aws:s3:::BUCKET/manual/env-files/migrate.env/HASH.env",
            },
          ],
          "essential": true,
          "image": "HOST/copilot-migrate@DIGEST",
          "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
              "awslogs-group": "/copilot/migrate",
              "awslogs-region": "us-west-2",
              "awslogs-stream-prefix": "copilot-task",
            },
          },
          "mountPoints": [],
          "name": "migrate",
          "portMappings": [],
          "secrets": [
            {
              "name": "KEY",
              "valueFrom": "/migrate/key",
            },
          ],
          "volumesFrom": [],
        },
      ]
    `);
    const { imageDetails } = await aws
      .client(ECRClient)
      .send(new DescribeImagesCommand({ repositoryName: "copilot-migrate" }));
    expect(
      imageDetails?.map(({ imageTags, imageDigest }) => [imageTags?.toSorted(), image.endsWith(imageDigest ?? "?")]),
    ).toEqual([[["latest", "v1"], true]]);
    expect(await runningTasks("shop-test-Cluster")).toMatchInlineSnapshot(`
      [
        "RUNNING copilot-task FARGATE copilot-migrate:1",
        "RUNNING copilot-task FARGATE copilot-migrate:1",
      ]
    `);
    const stack = await describeStack("task-migrate");
    expect(Object.fromEntries((stack?.Tags ?? []).map(({ Key, Value }) => [Key, Value]))).toMatchInlineSnapshot(`
      {
        "copilot-application": "shop",
        "copilot-environment": "test",
        "copilot-task": "migrate",
        "team": "blue",
      }
    `);

    // A finished image needs one update of the stack.
    aws.calls.length = 0;
    const again = await type(words("task run -n migrate -e test --image example/migrate:1"));
    expect(again).toMatchInlineSnapshot(`
      "stderr:
      application shop · environment test · task group migrate · account 123456789012, us-west-2
      stack task-migrate: updating
      stack task-migrate: TaskDefinition (AWS::ECS::TaskDefinition) UPDATE_COMPLETE
      stack task-migrate: DefaultExecutionRole (AWS::IAM::Role) UPDATE_COMPLETE
      stack task-migrate: UPDATE_COMPLETE
      tasks of migrate in the cluster shop-test-Cluster: TASK
      task TASK: RUNNING
      stdout:
      1 task of migrate runs in test of shop
        TASK  RUNNING
        a shell in one: pilotfish task exec --app shop --env test -n migrate
        stop and remove: pilotfish task delete --app shop --env test -n migrate
      exit code 0"
    `);
    const asked = aws.calls.map(({ name }) => name).filter((name) => !/:(Describe|Get|List|Filter)/.test(name));
    expect(asked).toMatchInlineSnapshot(`
      [
        "sts:AssumeRole",
        "ssm:PutParameter",
        "cloudformation:CreateChangeSet",
        "cloudformation:ExecuteChangeSet",
        "ecs:RunTask",
        "ssm:DeleteParameter",
      ]
    `);

    expect(await type(words("task delete -n migrate -e test"))).toMatchInlineSnapshot(`
      "stderr:
      application shop · environment test · task group migrate · account 123456789012, us-west-2
      error  this cannot be undone, and there is nobody to ask: --yes is needed  (usage/missing-input)
             pilotfish task delete -n migrate -e test --yes
      exit code 2"
    `);
    expect(await type(words("task delete -n migrate -e test --yes"))).toMatchInlineSnapshot(`
      "stderr:
      application shop · environment test · task group migrate · account 123456789012, us-west-2
      note: stopped the tasks of migrate that ran: TASK, TASK, TASK
      bucket task-migrate-BUCKET: 1 objects deleted
      repository copilot-migrate in us-west-2: 1 images deleted
      stack task-migrate: deleting
      stack task-migrate: DELETE_COMPLETE
      deleted the task task-migrate from test
      stdout:
      deleted the task group migrate from test of shop
      exit code 0"
    `);
    expect(await runningTasks("shop-test-Cluster")).toEqual([]);
    expect(await whatIsLeft(aws, ["us-west-2"])).toEqual(before);
    expect(await type(words("task delete -n migrate -e test --yes"))).toMatchInlineSnapshot(`
      "stderr:
      application shop · environment test · task group migrate · account 123456789012, us-west-2
      error  there is no task group migrate in test of shop  (task/not-found)
             pilotfish task run --help
      exit code 1"
    `);
  });

  test("with --follow the logs are printed to the end, and the exit code is that of the program", async () => {
    const follow = (image: string, ...more: string[]) =>
      type([...words(`task run -n migrate -e test --follow --image ${image}`), ...more]);
    expect(lastLines(await follow("example/migrate:brief"))).toMatchInlineSnapshot(`
      "tasks of migrate in the cluster shop-test-Cluster: TASK
      task TASK: STOPPED (exit code 0)
      stdout:
      TIME  migrate/TASK  migrate runs example/migrate:brief
      TIME  migrate/TASK  done
      1 task of migrate ended with exit code 0
      exit code 0"
    `);
    expect(lastLines(await follow("example/migrate:broken"))).toMatchInlineSnapshot(`
      "tasks of migrate in the cluster shop-test-Cluster: TASK
      task TASK: STOPPED (exit code 3)
      task TASK stopped: EssentialContainerExited: Essential container in task exited
        container migrate: exit code 3
      1 of 1 task of migrate failed
        TASK  STOPPED, exit code 3
      stdout:
      TIME  migrate/TASK  migrate runs example/migrate:broken
      TIME  migrate/TASK  I cannot go on
      exit code 3"
    `);
    const told = (await follow("example/migrate:broken", "--json")).split("\n").filter((line) => line.startsWith("{"));
    const passing = /"lastStatus":"(PROVISIONING|PENDING|ACTIVATING)"/;
    const events = told.filter((line) => !passing.test(line)).map((line) => JSON.parse(line) as { type: string });
    expect(events.slice(events.findIndex(({ type: each }) => each === "tasks-started"))).toMatchInlineSnapshot(`
      [
        {
          "at": "TIME",
          "cluster": "shop-test-Cluster",
          "group": "migrate",
          "tasks": [
            "TASK",
          ],
          "type": "tasks-started",
        },
        {
          "at": "TIME",
          "task": {
            "exitCode": 3,
            "id": "TASK",
            "lastStatus": "STOPPED",
            "startedAt": "TIME",
            "stopCode": "EssentialContainerExited",
            "stoppedAt": "TIME",
            "stoppedReason": "Essential container in task exited",
          },
          "type": "task-changed",
        },
        {
          "at": "TIME",
          "task": {
            "containers": [
              {
                "exitCode": 3,
                "name": "migrate",
              },
            ],
            "deploymentId": "copilot-task",
            "failedContainer": "migrate",
            "id": "TASK",
            "lastLogs": [
              "migrate runs example/migrate:broken",
              "I cannot go on",
            ],
            "reason": "Essential container in task exited",
            "stopCode": "EssentialContainerExited",
          },
          "type": "task-stopped",
        },
        {
          "at": "TIME",
          "container": "migrate",
          "message": "migrate runs example/migrate:broken",
          "stream": "stdout",
          "task": "TASK",
          "type": "log",
        },
        {
          "at": "TIME",
          "container": "migrate",
          "message": "I cannot go on",
          "stream": "stdout",
          "task": "TASK",
          "type": "log",
        },
        {
          "exitCode": 3,
          "outcome": "failed",
          "tasks": [
            {
              "exitCode": 3,
              "id": "TASK",
              "lastStatus": "STOPPED",
              "startedAt": "TIME",
              "stopCode": "EssentialContainerExited",
              "stoppedAt": "TIME",
              "stoppedReason": "Essential container in task exited",
            },
          ],
          "type": "result",
        },
      ]
    `);
  });

  test("Ctrl-C leaves the tasks running, and says how to stop them", async () => {
    const line = words("task run -n migrate -e test --follow --image example/migrate:1");
    expect(lastLines(await type(line, { interruptAt: /RUNNING/ }))).toMatchInlineSnapshot(`
      "tasks of migrate in the cluster shop-test-Cluster: TASK
      the tasks go on; to stop them, and remove what was made: pilotfish task delete --app shop --env test -n migrate
      exit code 130"
    `);
    expect((await runningTasks("shop-test-Cluster")).length).toBe(1);

    // A command runs in it, carried by AWS's program; a program in its place says what it was asked for.
    aws.use(async ({ name }, pass) => (name === "ecs:ExecuteCommand" ? json({ session: opened }) : pass()));
    const folder = await folderWith({ "session-manager-plugin": plugin });
    await chmod(join(folder, "session-manager-plugin"), 0o755);
    vi.stubEnv("PATH", `${folder}${delimiter}${process.env["PATH"]}`);
    expect(await type(words("task exec -n migrate -e test -c ls"))).toMatchInlineSnapshot(`
      "stdout:
      StartSession in us-west-2: AWS_SSM_START_SESSION_RESPONSE
      exit code 0"
    `);
    expect(await type(words("task exec -n other -e test -c ls"))).toMatchInlineSnapshot(`
      "stderr:
      error  no task of other is running  (exec/no-running-task)
             pilotfish task run -n other --app shop --env test
      exit code 1"
    `);
    expect(await type(words("task exec -n migrate -e test -c ls --task-id zz"))).toMatchInlineSnapshot(`
      "stderr:
      error  no running task of migrate has an id that begins with zz  (exec/no-running-task)
             running: TASK
      exit code 1"
    `);

    // An environment that is deleted takes it along first; all else that belongs to one is missing here.
    await type(words("env delete -n test --yes"));
    expect(await describeStack("task-migrate").catch((error: Error) => error.message)).toMatchInlineSnapshot(
      `"Stack with id task-migrate does not exist"`,
    );
    expect(await runningTasks("shop-test-Cluster")).toEqual([]);
  });

  test("beside all environments: in the default cluster, which is made, with secrets that somebody has agreed to", async () => {
    const before = await whatIsLeft(aws, ["us-west-2"]);
    const line = words("task run -n report --default --image example/report:1 --secrets KEY=/report/key");
    await aws.client(SSMClient).send(new PutParameterCommand({ Name: "/report/key", Type: "String", Value: "x" }));
    expect(await type(line)).toMatchInlineSnapshot(`
      "stderr:
      error  the role that starts the task will be allowed to read KEY: --acknowledge-secrets-access is needed  (usage/missing-input)
             pilotfish task run -n report --default --image example/report:1 --secrets KEY=/report/key --acknowledge-secrets-access
      exit code 2"
    `);
    expect(await type([...line, "--acknowledge-secrets-access"])).toMatchInlineSnapshot(`
      "stderr:
      task group report · account 123456789012, us-west-2
      stack task-report: creating
      stack task-report: TaskDefinition (AWS::ECS::TaskDefinition) CREATE_COMPLETE
      stack task-report: DefaultExecutionRole (AWS::IAM::Role) CREATE_COMPLETE
      stack task-report: DefaultTaskRole (AWS::IAM::Role) CREATE_COMPLETE
      stack task-report: ECRRepo (AWS::ECR::Repository) CREATE_COMPLETE
      stack task-report: LogGroup (AWS::Logs::LogGroup) CREATE_COMPLETE
      stack task-report: S3Bucket (AWS::S3::Bucket) CREATE_COMPLETE
      stack task-report: S3BucketPolicy (AWS::S3::BucketPolicy) CREATE_COMPLETE
      stack task-report: CREATE_COMPLETE
      note: made the cluster default, which was not there
      tasks of report in the cluster default: TASK
      task TASK: RUNNING
      stdout:
      1 task of report runs in the default cluster
        TASK  RUNNING
        a shell in one: pilotfish task exec --default -n report
        stop and remove: pilotfish task delete --default -n report
      exit code 0"
    `);
    expect(await type(words("task run -n other --cluster nowhere --image example/report:1"))).toMatchInlineSnapshot(`
      "stderr:
      error  there is no cluster nowhere in us-west-2  (task/no-network)
             aws ecs list-clusters
      exit code 1"
    `);
    expect(await type(words("task delete -n report -e test --yes"))).toMatchInlineSnapshot(`
      "stderr:
      application shop · environment test · task group report · account 123456789012, us-west-2
      error  the task group report belongs to no environment  (task/not-found)
             pilotfish task delete -n report --default
      exit code 1"
    `);
    expect(await type(words("task delete --default --yes"))).toMatchInlineSnapshot(`
      "stderr:
      task group report · account 123456789012, us-west-2
      note: stopped the tasks of report that ran: TASK
      stack task-report: deleting
      stack task-report: DELETE_COMPLETE
      deleted the task task-report
      stdout:
      deleted the task group report from the default cluster
      exit code 0"
    `);
    const left = await whatIsLeft(aws, ["us-west-2"]);
    expect(left.filter((each) => !before.includes(each))).toMatchInlineSnapshot(`
      [
        "cluster default",
      ]
    `);
  });
});

/** Without what is another thing each time, the states that a task only passes through, and what builders and clients print. */
function normal(text: string): string {
  return text
    .split("\n")
    .filter((line) => !/^ {2}\| |^task [0-9a-f]{8}: (PROVISIONING|PENDING|ACTIVATING)$/.test(line))
    .join("\n")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[0-9a-f]{8}\b/g, "TASK")
    .replaceAll(/127\.0\.0\.1:\d+/g, "HOST")
    .replaceAll(/\([0-9a-f]{12}\)/g, "(DIGEST)")
    .replaceAll(/s3bucket-\w+/g, "BUCKET");
}

/** From the tasks on; nobody may have looked while one ran. */
function lastLines(text: string): string {
  return text.slice(text.indexOf("tasks of ")).replaceAll("task TASK: RUNNING\n", "");
}
