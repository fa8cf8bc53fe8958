import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { Service, Task } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client, RegisterTargetsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRecords } from "../../../src/providers/aws/records.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { createStacks } from "../../../src/providers/aws/stacks/stacks.ts";
import { createWorkloadReader } from "../../../src/providers/aws/workload-reader.ts";
import type { LogsRequest } from "../../../src/providers/provider.ts";
import { errorAnswer, outputAnswer } from "../../support/aws/answers.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { scriptedEcs } from "../../support/aws/scripted-ecs.ts";
import { smallShop } from "../../support/aws/small-shop.ts";
import { refusal } from "../../support/refusal.ts";

const api = { app: "shop", env: "test", name: "api" };
const running = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
const stopped = "ffeeddccbbaa99887766554433221100";
const deployment = "ecs-svc/1234567890123456789";
const noon = Date.parse("2026-11-20T12:00:00Z");

describeWithAws("reading what runs in an account", (aws) => {
  let session: AwsSession;
  let ids: Record<string, string>;
  beforeEach(async () => {
    await aws.reset();
    ids = await smallShop(aws);
    session = new AwsSession({ region: "us-west-2" });
  });
  afterEach(() => session.close());

  const reader = () =>
    createWorkloadReader({
      session,
      records: createRecords(session),
      stacks: createStacks(session),
      now: () => noon + 60_000,
      pace: { first: 20, most: 100 },
    });

  /** What the emulator names by chance has a name. */
  const plain = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value).replaceAll(/(targetgroup\/[\w-]+\/)[0-9a-f]+/g, "$1HASH"));

  const id = (logicalId: string) => ids[logicalId] ?? "";

  /** With one task that runs and one that has ended. Source: Amazon ECS API Reference, DescribeServices, DescribeTasks. */
  function oneRunsOneEnded(): void {
    const service: Service = {
      serviceArn: id("Service"),
      serviceName: "shop-test-api-Service-3C4D",
      status: "ACTIVE",
      desiredCount: 1,
      runningCount: 1,
      pendingCount: 0,
      taskDefinition: id("TaskDefinition"),
      loadBalancers: [{ targetGroupArn: id("TargetGroup"), containerName: "api", containerPort: 8080 }],
      deployments: [
        {
          id: deployment,
          status: "PRIMARY",
          taskDefinition: id("TaskDefinition"),
          desiredCount: 1,
          runningCount: 1,
          pendingCount: 0,
          failedTasks: 0,
          rolloutState: "COMPLETED",
          rolloutStateReason: `ECS deployment ${deployment} completed.`,
          createdAt: new Date(noon - 300_000),
          updatedAt: new Date(noon - 60_000),
        },
      ],
      events: [
        {
          id: "1",
          createdAt: new Date(noon),
          message: "(service shop-test-api-Service-3C4D) has reached a steady state.",
        },
      ],
    };
    const task = (taskId: string): Task => ({
      taskArn: `arn:aws:ecs:us-west-2:123456789012:task/shop-test-Cluster-1A2B/${taskId}`,
      taskDefinitionArn: id("TaskDefinition"),
      startedBy: deployment,
      group: "service:shop-test-api-Service-3C4D",
      lastStatus: "RUNNING",
      desiredStatus: "RUNNING",
      healthStatus: "UNKNOWN",
      createdAt: new Date(noon - 200_000),
      startedAt: new Date(noon - 180_000),
      attachments: [
        {
          id: "1",
          type: "ElasticNetworkInterface",
          status: "ATTACHED",
          details: [{ name: "privateIPv4Address", value: "10.0.0.17" }],
        },
      ],
      containers: [
        {
          name: "api",
          image: "public.ecr.aws/shop/api:1",
          imageDigest: "sha256:0a",
          lastStatus: "RUNNING",
          runtimeId: "c1",
        },
        { name: "nginx", image: "public.ecr.aws/nginx/nginx:1", lastStatus: "RUNNING", runtimeId: "c2" },
      ],
    });
    const ended: Task = {
      ...task(stopped),
      lastStatus: "STOPPED",
      desiredStatus: "STOPPED",
      stoppedAt: new Date(noon - 190_000),
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      attachments: [],
      containers: [{ name: "api", image: "public.ecr.aws/shop/api:1", lastStatus: "STOPPED", exitCode: 3 }],
    };
    aws.use(scriptedEcs([{ service, tasks: [task(running), ended] }]));
  }

  test("a service is described with its deployments, tasks, targets and address", async () => {
    oneRunsOneEnded();
    await aws
      .client(ElasticLoadBalancingV2Client)
      .send(
        new RegisterTargetsCommand({ TargetGroupArn: id("TargetGroup"), Targets: [{ Id: "10.0.0.17", Port: 8080 }] }),
      );
    const status = await reader().describeWorkload(api);
    expect(plain(status)).toMatchInlineSnapshot(`
      {
        "app": "shop",
        "deployments": [
          {
            "createdAt": "2026-11-20T11:55:00.000Z",
            "desiredCount": 1,
            "failedTasks": 0,
            "healthyCount": 1,
            "id": "ecs-svc/1234567890123456789",
            "images": [
              {
                "container": "api",
                "id": "sha256:0a",
                "name": "public.ecr.aws/shop/api:1",
              },
              {
                "container": "nginx",
                "name": "public.ecr.aws/nginx/nginx:1",
              },
            ],
            "pendingCount": 0,
            "revision": 1,
            "rolloutState": "COMPLETED",
            "rolloutStateReason": "ECS deployment ecs-svc/1234567890123456789 completed.",
            "runningCount": 1,
            "status": "PRIMARY",
            "updatedAt": "2026-11-20T11:59:00.000Z",
          },
        ],
        "desiredCount": 1,
        "env": "test",
        "events": [
          {
            "at": "2026-11-20T12:00:00.000Z",
            "message": "(service shop-test-api-Service-3C4D) has reached a steady state.",
          },
        ],
        "name": "api",
        "pendingCount": 0,
        "runningCount": 1,
        "status": "ACTIVE",
        "stoppedTasks": [
          {
            "containers": [
              {
                "essential": true,
                "exitCode": 3,
                "image": "public.ecr.aws/shop/api:1",
                "lastStatus": "STOPPED",
                "name": "api",
              },
            ],
            "createdAt": "2026-11-20T11:56:40.000Z",
            "deploymentId": "ecs-svc/1234567890123456789",
            "desiredStatus": "STOPPED",
            "health": "UNKNOWN",
            "id": "ffeeddccbbaa99887766554433221100",
            "lastStatus": "STOPPED",
            "revision": 1,
            "startedAt": "2026-11-20T11:57:00.000Z",
            "stopCode": "EssentialContainerExited",
            "stoppedAt": "2026-11-20T11:56:50.000Z",
            "stoppedReason": "Essential container in task exited",
            "targets": [],
          },
        ],
        "tasks": [
          {
            "containers": [
              {
                "essential": true,
                "image": "public.ecr.aws/shop/api:1",
                "lastStatus": "RUNNING",
                "name": "api",
                "runtimeId": "c1",
              },
              {
                "essential": false,
                "image": "public.ecr.aws/nginx/nginx:1",
                "lastStatus": "RUNNING",
                "name": "nginx",
                "runtimeId": "c2",
              },
            ],
            "createdAt": "2026-11-20T11:56:40.000Z",
            "deploymentId": "ecs-svc/1234567890123456789",
            "desiredStatus": "RUNNING",
            "health": "UNKNOWN",
            "id": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
            "lastStatus": "RUNNING",
            "revision": 1,
            "startedAt": "2026-11-20T11:57:00.000Z",
            "targets": [
              {
                "address": "10.0.0.17:8080",
                "state": "healthy",
                "targetGroup": "arn:aws:elasticloadbalancing:us-west-2:123456789012:targetgroup/shop-test-api/HASH",
              },
            ],
          },
        ],
        "urls": [
          "http://shop-test-Publi-1.us-west-2.elb.amazonaws.com/orders",
        ],
      }
    `);
    expect(aws.calls.map(({ name }) => name).toSorted()).toMatchInlineSnapshot(`
      [
        "cloudformation:DescribeStackResources",
        "cloudformation:DescribeStacks",
        "ecs:DescribeServices",
        "ecs:DescribeTaskDefinition",
        "ecs:DescribeTasks",
        "ecs:ListTasks",
        "ecs:ListTasks",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeTargetHealth",
        "ssm:GetParameter",
        "sts:AssumeRole",
      ]
    `);
  });

  test("what is deployed in an environment is listed by the stacks' tags", async () => {
    oneRunsOneEnded();
    const names = async (env?: string) =>
      (await reader().listWorkloads({ app: "shop", env })).map((each) => `${each.env}/${each.name} ${each.status}`);
    expect(await names()).toEqual(["test/api ACTIVE"]);
    expect(await names("test")).toEqual(["test/api ACTIVE"]);
    expect(await names("prod")).toEqual([]);
  });

  test("whose role may not describe all stacks at once finds those with the tags", async () => {
    oneRunsOneEnded();
    aws.use(async (call, pass) => {
      const isForAll =
        call.name === "cloudformation:DescribeStacks" && !/StackName=/.test(call.request.body.toString());
      const message = "not authorized to perform: cloudformation:ListStacks";
      return isForAll ? errorAnswer(call, { code: "AccessDenied", message, status: 403 }) : pass();
    });
    const found = await reader().listWorkloads({ app: "shop", env: "test" });
    expect(found.map(({ name, status }) => `${name} ${status}`)).toEqual(["api ACTIVE"]);
  });

  test("a stack with more resources than are described at once is listed with the user's own rights", async () => {
    const stacks = createStacks(session);
    const described = { LogicalResourceId: "Some", ResourceType: "AWS::SQS::Queue", ResourceStatus: "CREATE_COMPLETE" };
    aws.use(async (call, pass) => {
      if (call.name !== "cloudformation:DescribeStackResources") return pass();
      const Timestamp = new Date(noon);
      const StackResources = Array.from({ length: 100 }, () => ({ ...described, Timestamp }));
      return outputAnswer(call, { StackResources });
    });
    const where = { managerRoleArn: "arn:aws:iam::123456789012:role/shop-test-EnvManagerRole" };
    const found = await stacks.resources("shop-test-api", where);
    expect(Object.keys(found).toSorted()).toEqual(Object.keys(await stacks.resources("shop-test-api", {})).toSorted());
    expect(found["Service"]?.physicalId).toEqual(id("Service"));
    const asked = aws.calls.filter(({ name }) => name === "cloudformation:ListStackResources");
    expect(asked.map(({ status }) => status)).toEqual([403, 200, 200]);
  });

  test("what was deployed last is told with its type, task definition, manifest and resources", async () => {
    oneRunsOneEnded();
    const { taskDefinition, resources, ...deployed } = await reader().deployedWorkload(api);
    expect(deployed).toMatchInlineSnapshot(`
      {
        "app": "shop",
        "desiredCount": 1,
        "env": "test",
        "manifest": "name: api
      type: Load Balanced Web Service
      http:
        path: orders
      image:
        location: public.ecr.aws/shop/api:1
        port: 8080
      ",
        "name": "api",
        "serviceConnect": [],
        "type": "Load Balanced Web Service",
        "urls": [
          "http://shop-test-Publi-1.us-west-2.elb.amazonaws.com/orders",
        ],
      }
    `);
    expect(taskDefinition).toMatchObject({ family: "shop-test-api", memory: "512" });
    expect(Object.keys(taskDefinition)).not.toContain("taskDefinitionArn");
    expect(resources).toContainEqual({ type: "AWS::ECS::Service", physicalId: id("Service") });
  });

  test("a service that is not deployed, and an environment that is not there, are refused with what to do", async () => {
    expect(await refusal(reader().describeWorkload({ ...api, name: "web" }))).toMatchInlineSnapshot(`
      "service/not-found: web of the application shop is not deployed to test
        pilotfish svc deploy -a shop -n web -e test"
    `);
    expect(await refusal(reader().describeWorkload({ ...api, env: "prod" }))).toMatchInlineSnapshot(`
      "environment/not-found: the application shop has no environment prod on AWS
        pilotfish env init -a shop -n prod"
    `);
    expect(await refusal(reader().describeWorkload({ ...api, app: "shoes" }))).toMatchInlineSnapshot(`
      "application/not-found: there is no application shoes in the account 123456789012 in us-west-2
        pilotfish app ls    (is this the right profile and region? or make it: pilotfish app init shoes)"
    `);
  });

  async function write(container: string, task: string, ...lines: [at: number, message: string][]): Promise<void> {
    const logs = aws.client(CloudWatchLogsClient);
    const stream = { logGroupName: "/copilot/shop-test-api", logStreamName: `copilot/${container}/${task}` };
    await logs.send(new CreateLogStreamCommand(stream)).catch(() => undefined);
    const logEvents = lines.map(([timestamp, message]) => ({ timestamp, message }));
    await logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
  }

  async function read(request: Partial<LogsRequest>, signal = new AbortController().signal): Promise<string[]> {
    const lines: string[] = [];
    for await (const line of reader().logs({ ...api, follow: false, ...request }, signal))
      lines.push(`${line.at.slice(11, 19)} ${line.container}/${line.task.slice(0, 4)} ${line.message}`);
    return lines;
  }

  test("log lines of all containers come in the order of time, and the newest ones when their number is given", async () => {
    await write("api", running, [noon, "one"], [noon + 2000, "three ERROR"]);
    await write("nginx", running, [noon + 1000, "two"]);
    await write("api", stopped, [noon - 7_200_000, "long ago"]);
    expect(await read({})).toMatchInlineSnapshot(`
      [
        "10:00:00 api/ffee long ago",
        "12:00:00 api/0a1b one",
        "12:00:01 nginx/0a1b two",
        "12:00:02 api/0a1b three ERROR",
      ]
    `);
    expect(await read({ limit: 2 })).toEqual(["12:00:01 nginx/0a1b two", "12:00:02 api/0a1b three ERROR"]);
    expect(await read({ since: noon - 1000, until: noon + 1500 })).toEqual([
      "12:00:00 api/0a1b one",
      "12:00:01 nginx/0a1b two",
    ]);
    expect(await read({ container: "nginx" })).toEqual(["12:00:01 nginx/0a1b two"]);
    expect(await read({ tasks: ["ffee"] })).toEqual(["10:00:00 api/ffee long ago"]);
    expect(await read({ filter: "ERROR" })).toEqual(["12:00:02 api/0a1b three ERROR"]);
  });

  test("the lines of the task that stopped last are found", async () => {
    oneRunsOneEnded();
    await write("api", running, [noon, "alive"]);
    await write("api", stopped, [noon - 200_000, "I cannot go on"]);
    expect(await read({ previous: true })).toEqual(["11:56:40 api/ffee I cannot go on"]);
  });

  test("a log group that is not there is refused by name", async () => {
    expect(await refusal(read({ logGroup: "/copilot/none" }))).toMatchInlineSnapshot(`
      "logs/not-found: there is no log group /copilot/none
        pilotfish svc show -a shop -n api --resources    (names what api has in test)"
    `);
  });

  test("who follows hears each line once, also one that arrives late, until the signal aborts", async () => {
    await write("api", running, [noon, "one"]);
    const stop = new AbortController();
    const lines = reader().logs({ ...api, follow: true, limit: 1 }, stop.signal);
    const next = async () => (await lines.next()).value?.message;
    expect(await next()).toBe("one");
    const waiting = next();
    await write("api", running, [noon + 5000, "three"]);
    expect(await waiting).toBe("three");
    await write("nginx", running, [noon + 2000, "two, late"]);
    expect(await next()).toBe("two, late");
    stop.abort();
    expect(await lines.next()).toEqual({ done: true, value: undefined });
  });
});
