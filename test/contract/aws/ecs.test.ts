import { CloudFormationClient, CreateStackCommand, DeleteStackCommand } from "@aws-sdk/client-cloudformation";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { beforeEach, expect, test } from "vitest";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";

describeWithAws("services of ECS in the emulator", (aws) => {
  beforeEach(() => aws.reset());
  const ecs = () => aws.client(ECSClient);

  async function definition(tag: string): Promise<string> {
    const { taskDefinition } = await ecs().send(
      new RegisterTaskDefinitionCommand({
        family: "api",
        memory: "512",
        containerDefinitions: [{ name: "api", image: `example.com/api:${tag}` }],
      }),
    );
    return taskDefinition?.taskDefinitionArn ?? "";
  }

  async function service(tag: string, desiredCount = 2): Promise<void> {
    await ecs().send(new CreateClusterCommand({ clusterName: "c" }));
    await ecs().send(
      new CreateServiceCommand({
        cluster: "c",
        serviceName: "api",
        taskDefinition: await definition(tag),
        desiredCount,
        deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } },
      }),
    );
  }

  async function described() {
    const { services: [found] = [] } = await ecs().send(
      new DescribeServicesCommand({ cluster: "c", services: ["api"] }),
    );
    return found;
  }

  const deployments = async () =>
    ((await described())?.deployments ?? []).map(
      ({ status, rolloutState, runningCount, taskDefinition }) =>
        `${status} ${rolloutState} ${runningCount} ${taskDefinition?.split(":").at(-1)}`,
    );

  async function tasks(desiredStatus: "RUNNING" | "STOPPED") {
    const { taskArns = [] } = await ecs().send(
      new ListTasksCommand({ cluster: "c", serviceName: "api", desiredStatus }),
    );
    if (taskArns.length === 0) return [];
    const { tasks: found = [] } = await ecs().send(new DescribeTasksCommand({ cluster: "c", tasks: taskArns }));
    return found;
  }

  test("a deployment goes on by itself until its tasks run, and the next one replaces them", async () => {
    await service("v1");
    expect(await deployments()).toEqual(["PRIMARY IN_PROGRESS 0 1"]);
    await expect.poll(deployments).toEqual(["PRIMARY COMPLETED 2 1"]);
    const first = await tasks("RUNNING");
    expect(first.map(({ lastStatus, startedBy }) => [lastStatus, startedBy])).toEqual(
      [1, 2].map(() => ["RUNNING", expect.stringMatching(/^ecs-svc\/\d{19}$/)]),
    );
    const update = { cluster: "c", service: "api", taskDefinition: await definition("v2") };
    await ecs().send(new UpdateServiceCommand(update));
    expect(await deployments()).toEqual(["PRIMARY IN_PROGRESS 0 2", "ACTIVE COMPLETED 2 1"]);
    await expect.poll(deployments).toEqual(["PRIMARY COMPLETED 2 2"]);
    expect((await tasks("STOPPED")).map(({ taskArn, stopCode }) => [taskArn, stopCode]).toSorted()).toEqual(
      first.map(({ taskArn }) => [taskArn, "ServiceSchedulerInitiated"]).toSorted(),
    );
  });

  test("the circuit breaker fails a version that does not start, and the former one is the primary again", async () => {
    await service("v1", 1);
    await expect.poll(deployments).toEqual(["PRIMARY COMPLETED 1 1"]);
    const first = (await described())?.deployments?.[0]?.id;
    await ecs().send(
      new UpdateServiceCommand({ cluster: "c", service: "api", taskDefinition: await definition("broken") }),
    );
    await expect
      .poll(async () => (await described())?.events?.map(({ message }) => message))
      .toContain(`(service api) rolling back to deployment ${first}.`);
    await expect.poll(deployments).toEqual(["PRIMARY COMPLETED 1 1"]);
    expect((await described())?.deployments?.[0]?.id).toBe(first);
    expect(
      (await tasks("STOPPED")).map(({ stopCode, containers = [] }) => [stopCode, containers[0]?.exitCode]),
    ).toEqual([1, 2, 3].map(() => ["EssentialContainerExited", 3]));
    const { serviceDeployments = [] } = await ecs().send(
      new ListServiceDeploymentsCommand({ cluster: "c", service: "api" }),
    );
    expect(serviceDeployments.map(({ status }) => status)).toEqual(["ROLLBACK_SUCCESSFUL", "SUCCESSFUL"]);
    const { serviceDeployments: [failed] = [] } = await ecs().send(
      new DescribeServiceDeploymentsCommand({
        serviceDeploymentArns: [serviceDeployments[0]?.serviceDeploymentArn ?? ""],
      }),
    );
    expect(failed).toMatchObject({
      statusReason: "Service deployment rolled back because the circuit breaker threshold was exceeded.",
      deploymentCircuitBreaker: { status: "TRIGGERED", failureCount: 3, threshold: 3 },
      rollback: { serviceRevisionArn: expect.stringContaining(first?.split("/")[1] ?? "?") },
    });
  });

  test("a task of its own runs until it is stopped, or until its program ends", async () => {
    await ecs().send(new CreateClusterCommand({ clusterName: "c" }));
    const run = async (tag: string) => {
      const taskDefinition = await definition(tag);
      const { tasks: [task] = [] } = await ecs().send(
        new RunTaskCommand({ cluster: "c", taskDefinition, launchType: "FARGATE" }),
      );
      return task?.taskArn ?? "";
    };
    const state = async (task: string) => {
      const { tasks: [found] = [] } = await ecs().send(new DescribeTasksCommand({ cluster: "c", tasks: [task] }));
      return [found?.lastStatus, found?.stopCode, found?.containers?.[0]?.exitCode];
    };
    const [long, brief] = [await run("v1"), await run("brief")];
    await expect.poll(() => state(brief)).toEqual(["STOPPED", "EssentialContainerExited", 0]);
    expect(await state(long)).toEqual(["RUNNING", undefined, undefined]);
    await ecs().send(new StopTaskCommand({ cluster: "c", task: long }));
    expect(await state(long)).toEqual(["STOPPED", "UserInitiated", 143]);
  });

  test("a service of a stack runs when the stack is complete, with what its template says, and goes with it", async () => {
    const template = {
      Resources: {
        Cluster: { Type: "AWS::ECS::Cluster", Properties: { ClusterName: "c" } },
        Definition: {
          Type: "AWS::ECS::TaskDefinition",
          Properties: {
            Family: "api",
            Cpu: 256,
            Memory: 512,
            NetworkMode: "awsvpc",
            RequiresCompatibilities: ["FARGATE"],
            ContainerDefinitions: [{ Name: "api", Image: "example.com/api:v1", DockerLabels: { "Keep.This": "yes" } }],
          },
        },
        Service: {
          Type: "AWS::ECS::Service",
          Properties: {
            ServiceName: "api",
            Cluster: { Ref: "Cluster" },
            TaskDefinition: { Ref: "Definition" },
            DesiredCount: 1,
            EnableExecuteCommand: true,
            LaunchType: "FARGATE",
          },
        },
      },
    };
    const cloudFormation = aws.client(CloudFormationClient);
    await cloudFormation.send(
      new CreateStackCommand({ StackName: "shop-test-api", TemplateBody: JSON.stringify(template) }),
    );
    expect(await deployments()).toEqual(["PRIMARY COMPLETED 1 1"]);
    expect(await described()).toMatchObject({ enableExecuteCommand: true, launchType: "FARGATE" });
    await cloudFormation.send(new DeleteStackCommand({ StackName: "shop-test-api" }));
    await expect(described()).rejects.toThrow("Cluster not found.");
  });
});
