import { CloudWatchLogsClient, CreateLogStreamCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { Deployment, Service, ServiceDeploymentBrief, Task } from "@aws-sdk/client-ecs";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { DeploymentToFollow } from "../../../src/providers/account/services.ts";
import { createServices } from "../../../src/providers/aws/following/create-services.ts";
import { rollBackDeployment } from "../../../src/providers/aws/following/roll-back.ts";
import { createRecords } from "../../../src/providers/aws/records.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { createStacks } from "../../../src/providers/aws/stacks/stacks.ts";
import type { DeployEvent, DeployResult } from "../../../src/providers/provider.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { json, jsonError, scriptedEcs } from "../../support/aws/scripted-ecs.ts";
import { smallShop } from "../../support/aws/small-shop.ts";
import { refusal } from "../../support/refusal.ts";

/** How ECS tells of deployments: the API reference's shapes, and for the order of states and their texts what people have
 *  published of their own deployments (a failed one becomes ACTIVE and FAILED, the former one PRIMARY again under its own id;
 *  a deployment without tasks leaves the list). The emulator ends no deployment and starts no task. */
const api = { app: "shop", env: "test", name: "api" };
const old = "ecs-svc/1111111111111111111";
const ours = "ecs-svc/2222222222222222222";
const other = "ecs-svc/3333333333333333333";
const noon = Date.parse("2026-11-20T12:00:00Z");
const taskId = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

describeWithAws("following a deployment of ECS", (aws) => {
  let session: AwsSession;
  let ids: Record<string, string>;
  beforeAll(async () => {
    await aws.reset();
    ids = await smallShop(aws);
  });
  beforeEach(() => {
    aws.forget();
    session = new AwsSession({ region: "us-west-2" });
  });
  afterEach(() => session.close());

  const tools = () => ({
    session,
    records: createRecords(session),
    stacks: createStacks(session),
    now: () => noon,
    pace: { first: 5, most: 20 },
  });

  const id = (logicalId: string) => ids[logicalId] ?? "";

  const deployment = (which: string, more: Partial<Deployment>): Deployment => ({
    id: which,
    desiredCount: 1,
    runningCount: 0,
    pendingCount: 0,
    failedTasks: 0,
    taskDefinition: id("TaskDefinition"),
    createdAt: new Date(noon - (which === old ? 86_400_000 : 1000)),
    updatedAt: new Date(noon),
    rolloutStateReason: `ECS deployment ${which} in progress.`,
    ...more,
  });
  const done = (which: string, status: "PRIMARY" | "ACTIVE" = "PRIMARY") =>
    deployment(which, {
      status,
      runningCount: 1,
      rolloutState: "COMPLETED",
      rolloutStateReason: `ECS deployment ${which} completed.`,
    });
  const begun = (which: string, more: Partial<Deployment> = {}) =>
    deployment(which, { status: "PRIMARY", rolloutState: "IN_PROGRESS", ...more });
  const failed = (which: string, more: Partial<Deployment> = {}) =>
    deployment(which, {
      status: "ACTIVE",
      rolloutState: "FAILED",
      rolloutStateReason: "ECS deployment circuit breaker: tasks failed to start.",
      failedTasks: 3,
      ...more,
    });

  const service = (deployments: Deployment[], more: Partial<Service> = {}): Service => ({
    serviceArn: id("Service"),
    serviceName: "shop-test-api-Service-3C4D",
    clusterArn: "arn:aws:ecs:us-west-2:123456789012:cluster/shop-test-Cluster-1A2B",
    status: "ACTIVE",
    desiredCount: 1,
    runningCount: deployments.reduce((sum, { runningCount = 0 }) => sum + runningCount, 0),
    pendingCount: 0,
    loadBalancers: [],
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
    deployments,
    ...more,
  });

  const task = (more: Partial<Task>): Task => ({
    taskArn: `arn:aws:ecs:us-west-2:123456789012:task/shop-test-Cluster-1A2B/${taskId}`,
    taskDefinitionArn: id("TaskDefinition"),
    startedBy: ours,
    lastStatus: "RUNNING",
    desiredStatus: "RUNNING",
    createdAt: new Date(noon),
    startedAt: new Date(noon),
    containers: [{ name: "api", lastStatus: "RUNNING", runtimeId: "c1", imageDigest: "sha256:0b" }],
    ...more,
  });

  const unpulled = () =>
    task({
      lastStatus: "STOPPED",
      desiredStatus: "STOPPED",
      stoppedAt: new Date(noon),
      stopCode: "TaskFailedToStart",
      stoppedReason:
        "CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref: not found",
      containers: [{ name: "api", lastStatus: "STOPPED" }],
    });

  async function follow(
    request: Partial<DeploymentToFollow> = {},
    signal = new AbortController().signal,
  ): Promise<{ events: DeployEvent[]; result: DeployResult | undefined }> {
    return toEnd(createServices(tools()).follow({ ...api, ...request }, signal));
  }

  test("its own deployment is told from the one before, and has completed when it says so itself", async () => {
    const event = { id: "e1", createdAt: new Date(noon), message: "(service s) has started 1 tasks: (task 0a1b)." };
    aws.use(
      scriptedEcs([
        { service: service([done(old)]) },
        {
          service: service([begun(ours, { pendingCount: 1 }), done(old, "ACTIVE")], { events: [event] }),
          tasks: [task({ lastStatus: "PENDING", startedAt: undefined, containers: [{ name: "api" }] })],
        },
        {
          service: service([begun(ours, { runningCount: 1 }), done(old, "ACTIVE")], { events: [event] }),
          tasks: [task({})],
        },
        { service: service([done(ours)], { events: [event] }), tasks: [task({})] },
      ]),
    );
    const { events, result } = await follow();
    expect(story(events)).toMatchInlineSnapshot(`
      [
        {
          "at": "2026-11-20T11:59:59.000Z",
          "deploymentId": "ecs-svc/2222222222222222222",
          "revision": 1,
          "taskDefinition": "shop-test-api:1",
          "type": "accepted",
        },
        {
          "at": "2026-11-20T12:00:00.000Z",
          "message": "(service s) has started 1 tasks: (task 0a1b).",
          "type": "service-event",
        },
        "2222 PRIMARY 0/1, 1111 ACTIVE 1/1; waiting for 1 task to start (pending)",
        {
          "at": "2026-11-20T12:00:00.000Z",
          "containers": [
            {
              "name": "api",
              "runtimeId": "c1",
            },
          ],
          "task": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
          "type": "task-started",
        },
        "2222 PRIMARY 1/1, 1111 ACTIVE 1/1; waiting for 1 task to become healthy",
        "2222 PRIMARY 1/1; waiting for ",
      ]
    `);
    expect(outcome(result)).toMatchInlineSnapshot(`
      {
        "deploymentId": "ecs-svc/2222222222222222222",
        "durationMs": 0,
        "outcome": "completed",
      }
    `);
  });

  test("one that fails is followed until the former version is back, with the task that failed and what it said", async () => {
    const logs = aws.client(CloudWatchLogsClient);
    const stream = { logGroupName: "/copilot/shop-test-api", logStreamName: `copilot/api/${taskId}` };
    await logs.send(new CreateLogStreamCommand(stream));
    await logs.send(
      new PutLogEventsCommand({ ...stream, logEvents: [{ timestamp: Date.now(), message: "no database" }] }),
    );
    const ended = task({
      lastStatus: "STOPPED",
      desiredStatus: "STOPPED",
      stoppedAt: new Date(noon),
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      containers: [{ name: "api", lastStatus: "STOPPED", exitCode: 3 }],
    });
    const back = { rolloutStateReason: `ECS deployment circuit breaker: rolling back to deploymentId ${old}.` };
    aws.use(
      scriptedEcs([
        { service: service([done(old)]) },
        { service: service([begun(ours, { failedTasks: 1 }), done(old, "ACTIVE")]), tasks: [ended] },
        { service: service([failed(ours, { status: "PRIMARY" }), done(old, "ACTIVE")]), tasks: [ended] },
        { service: service([begun(old, { ...back, runningCount: 1 }), failed(ours)]), tasks: [ended] },
        { service: service([done(old), failed(ours)]), tasks: [ended] },
      ]),
    );
    const { events, result } = await follow();
    expect(events.find(({ type }) => type === "task-stopped")).toMatchInlineSnapshot(`
      {
        "at": "2026-11-20T12:00:00.000Z",
        "task": {
          "containers": [
            {
              "exitCode": 3,
              "name": "api",
              "reason": undefined,
            },
          ],
          "deploymentId": "ecs-svc/2222222222222222222",
          "failedContainer": "api",
          "hint": "pilotfish svc logs -n api -e test --previous",
          "id": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
          "lastLogs": [
            "no database",
          ],
          "reason": "Essential container in task exited",
          "stopCode": "EssentialContainerExited",
        },
        "type": "task-stopped",
      }
    `);
    expect(outcome(result)).toMatchInlineSnapshot(`
      {
        "deploymentId": "ecs-svc/2222222222222222222",
        "durationMs": 0,
        "firstFailure": {
          "containers": [],
          "deploymentId": "ecs-svc/2222222222222222222",
          "failedContainer": "api",
          "hint": "pilotfish svc logs -n api -e test --previous",
          "id": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
          "lastLogs": [
            "no database",
          ],
          "reason": "Essential container in task exited",
          "stopCode": "EssentialContainerExited",
        },
        "hint": "pilotfish svc logs -n api -e test --previous",
        "outcome": "failed",
        "reason": "ECS deployment circuit breaker: tasks failed to start.",
        "rolledBackTo": {
          "deploymentId": "ecs-svc/1111111111111111111",
          "revision": 1,
        },
      }
    `);
  });

  test("a failed one that has left the list already is told by its service deployment", async () => {
    const told: ServiceDeploymentBrief = {
      serviceDeploymentArn: "arn:aws:ecs:us-west-2:123456789012:service-deployment/c/s/abc",
      targetServiceRevisionArn: "arn:aws:ecs:us-west-2:123456789012:service-revision/c/s/2222222222222222222",
      status: "ROLLBACK_SUCCESSFUL",
      statusReason: "Service deployment rolled back because the circuit breaker threshold was exceeded.",
    };
    aws.use(
      scriptedEcs([
        { service: service([done(old)]) },
        { service: service([begun(ours), done(old, "ACTIVE")]) },
        { service: service([done(old)]), serviceDeployments: [told] },
      ]),
    );
    expect(outcome((await follow()).result)).toMatchInlineSnapshot(`
      {
        "deploymentId": "ecs-svc/2222222222222222222",
        "durationMs": 0,
        "outcome": "failed",
        "reason": "Service deployment rolled back because the circuit breaker threshold was exceeded.",
        "rolledBackTo": {
          "deploymentId": "ecs-svc/1111111111111111111",
          "revision": 1,
        },
      }
    `);
  });

  test("without the right to ask for service deployments, the service's events tell", async () => {
    const message = `(service s) (deployment ${ours}) deployment failed: tasks failed to start.`;
    const events = [{ id: "e1", createdAt: new Date(noon), message }];
    aws.use(
      scriptedEcs([
        { service: service([done(old)]) },
        { service: service([begun(ours), done(old, "ACTIVE")]) },
        { service: service([done(old)], { events }) },
      ]),
    );
    aws.use(async ({ name }, pass) =>
      name === "ecs:ListServiceDeployments" ? jsonError("AccessDeniedException", "not authorized") : pass(),
    );
    expect(outcome((await follow()).result)).toMatchObject({ outcome: "failed", rolledBackTo: { deploymentId: old } });
  });

  test("one whose place another one takes has been superseded, though the service is well", async () => {
    aws.use(
      scriptedEcs([
        { service: service([done(old)]) },
        { service: service([begun(ours), done(old, "ACTIVE")]) },
        { service: service([done(other), { ...begun(ours), status: "ACTIVE" }]) },
      ]),
    );
    expect(outcome((await follow()).result)).toMatchInlineSnapshot(`
      {
        "deploymentId": "ecs-svc/2222222222222222222",
        "durationMs": 0,
        "outcome": "superseded",
        "reason": "deployment ecs-svc/3333333333333333333 took its place",
      }
    `);
  });

  test("one that is stuck is left after the time-out, which is no success", async () => {
    aws.use(
      scriptedEcs([
        { service: service([done(old)]) },
        { service: service([begun(ours, { pendingCount: 1 }), done(old, "ACTIVE")]) },
      ]),
    );
    const { result } = await follow({ timeoutMs: 2000 });
    expect(outcome(result)).toMatchObject({ outcome: "timeout", deploymentId: ours });
  });

  test("when CloudFormation is done and no deployment has come, there is nothing to follow", async () => {
    aws.use(scriptedEcs([{ service: service([done(old)]) }]));
    const over = new AbortController();
    const following = follow({ over: over.signal });
    over.abort();
    expect((await following).result).toBeUndefined();
    expect((await follow({ known: [old, ours], over: AbortSignal.abort() })).result).toBeUndefined();
  });

  test.for([
    { status: "CREATE_IN_PROGRESS", call: "DeleteStack" },
    { status: "UPDATE_IN_PROGRESS", call: "CancelUpdateStack" },
  ])("who gives up while the stack is in $status has CloudFormation end it by $call", async ({ status, call }) => {
    const before = call === "DeleteStack" ? [] : [done(old, "ACTIVE")];
    const going = { service: service([begun(ours, { failedTasks: 1 }), ...before]), tasks: [unpulled()] };
    const end =
      before.length === 0
        ? { service: service([], { status: "INACTIVE" }), tasks: [unpulled()] }
        : { service: service([done(other), { ...begun(ours), status: "ACTIVE" }]), tasks: [unpulled()] };
    const asked: string[] = [];
    aws.use(scriptedEcs([{ service: service(before) }, going, going, end]));
    aws.use(async ({ name, action }, pass) => {
      if (action === call) {
        asked.push(name);
        return { status: 200, headers: { "content-type": "text/xml" }, body: Buffer.from(`<${call}Response/>`) };
      }
      const answer = await pass();
      if (action !== "DescribeStacks") return answer;
      const body = Buffer.from(answer.body.toString().replace("CREATE_COMPLETE", status));
      return { ...answer, headers: { "content-type": "text/xml" }, body };
    });
    const { result } = await follow({ failFast: true });
    expect(asked).toEqual([`cloudformation:${call}`]);
    expect(result).toMatchObject({
      outcome: "failed",
      reason:
        call === "DeleteStack"
          ? "its first task has failed, and the stack that was being made for it is deleted"
          : "a task of it has failed, and its stack goes back to what it was",
      firstFailure: { id: taskId, stopCode: "TaskFailedToStart" },
    });
  });

  test("who gives up at the first failure has ECS go back, with own rights where the role has none", async () => {
    const ended = unpulled();
    const told = {
      serviceDeploymentArn: "arn:aws:ecs:us-west-2:123456789012:service-deployment/c/s/abc",
      targetServiceRevisionArn: "arn:aws:ecs:us-west-2:123456789012:service-revision/c/s/2222222222222222222",
    };
    const asked: unknown[] = [];
    aws.use(
      scriptedEcs([
        { service: service([done(old)]) },
        {
          service: service([begun(ours, { failedTasks: 1 }), done(old, "ACTIVE")]),
          tasks: [ended],
          serviceDeployments: [told],
        },
        {
          service: service([begun(ours, { failedTasks: 1 }), done(old, "ACTIVE")]),
          tasks: [ended],
          serviceDeployments: [told],
        },
        { service: service([done(old), failed(ours)]), tasks: [ended], serviceDeployments: [told] },
      ]),
    );
    aws.use(async ({ name, request }, pass) => {
      if (name !== "ecs:StopServiceDeployment") return pass();
      asked.push(JSON.parse(request.body.toString()));
      return asked.length === 1 ? jsonError("AccessDeniedException", "not authorized") : json(told);
    });
    const { result } = await follow({ failFast: true });
    expect(asked[1]).toEqual({ serviceDeploymentArn: told.serviceDeploymentArn, stopType: "ROLLBACK" });
    expect(outcome(result)).toMatchInlineSnapshot(`
      {
        "deploymentId": "ecs-svc/2222222222222222222",
        "durationMs": 0,
        "firstFailure": {
          "containers": [],
          "deploymentId": "ecs-svc/2222222222222222222",
          "failedContainer": "api",
          "hint": "docker pull public.ecr.aws/shop/api:1    (says whether the image exists and whether you may read it)",
          "id": "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
          "lastLogs": [],
          "reason": "CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref: not found",
          "stopCode": "TaskFailedToStart",
        },
        "hint": "docker pull public.ecr.aws/shop/api:1    (says whether the image exists and whether you may read it)",
        "outcome": "failed",
        "reason": "ECS deployment circuit breaker: tasks failed to start.",
        "rolledBackTo": {
          "deploymentId": "ecs-svc/1111111111111111111",
          "revision": 1,
        },
      }
    `);
  });

  test("one that has ended cannot be rolled back", async () => {
    aws.use(scriptedEcs([{ service: service([done(old)]) }]));
    const rolling = toEnd(rollBackDeployment(api, old, tools(), new AbortController().signal));
    expect(await refusal(rolling)).toMatchInlineSnapshot(`
      "deploy/refused: deployment ecs-svc/1111111111111111111 of api cannot be rolled back: it has ended, or nothing was there before it
        pilotfish svc status -a shop -n api -e test"
    `);
  });
});

async function toEnd<R>(going: AsyncGenerator<DeployEvent, R, void>): Promise<{ events: DeployEvent[]; result: R }> {
  const events: DeployEvent[] = [];
  for (;;) {
    const step = await going.next();
    if (step.done) return { events, result: step.value };
    events.push(step.value);
  }
}

function story(events: readonly DeployEvent[]): unknown[] {
  return events.map((event) => {
    if (event.type !== "progress") return event;
    const { deployments } = event.status;
    return `${deployments.map((each) => `${each.id.slice(-4)} ${each.status} ${each.runningCount}/${each.desiredCount}`).join(", ")}; waiting for ${event.waitingFor}`;
  });
}

function outcome(result: DeployResult | undefined): Partial<DeployResult> {
  const { status: _, firstFailure, ...rest } = result ?? ({} as DeployResult);
  return { ...rest, ...(firstFailure && { firstFailure: { ...firstFailure, containers: [] } }) };
}
