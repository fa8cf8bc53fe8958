import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
} from "@aws-sdk/client-cloudformation";
import { DescribeTaskDefinitionCommand, ECSClient } from "@aws-sdk/client-ecs";
import { beforeEach, expect, test } from "vitest";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";

const template = {
  Parameters: { Tag: { Type: "String" }, WithTopic: { Type: "String", Default: "no" } },
  Conditions: { HasTopic: { "Fn::Equals": [{ Ref: "WithTopic" }, "yes"] } },
  Resources: {
    Cluster: { Type: "AWS::ECS::Cluster", Properties: { ClusterName: "c" } },
    Service: {
      Type: "AWS::ECS::Service",
      Properties: {
        ServiceName: "api",
        Cluster: { Ref: "Cluster" },
        TaskDefinition: { Ref: "Definition" },
        DesiredCount: 1,
        LaunchType: "FARGATE",
        DeploymentConfiguration: { DeploymentCircuitBreaker: { Enable: true, Rollback: true } },
      },
    },
    Definition: {
      Type: "AWS::ECS::TaskDefinition",
      Properties: {
        Family: "api",
        Cpu: "256",
        Memory: "512",
        ContainerDefinitions: [{ Name: "api", Image: { "Fn::Sub": "example.com/api:${Tag}" } }],
      },
    },
    Topic: { Type: "AWS::SNS::Topic", Condition: "HasTopic" },
  },
  Outputs: { Image: { Value: { Ref: "Tag" } } },
};

describeWithAws("change sets in the emulator", (aws) => {
  beforeEach(() => aws.reset());
  let made = 0;
  const cloudFormation = () => aws.client(CloudFormationClient);

  async function changeSet(parameters: Record<string, string>, ChangeSetType: "CREATE" | "UPDATE" = "UPDATE") {
    const names = { StackName: "s", ChangeSetName: `c-${++made}` };
    await cloudFormation().send(
      new CreateChangeSetCommand({
        ...names,
        ChangeSetType,
        TemplateBody: JSON.stringify(template),
        Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
          ParameterKey,
          ParameterValue,
        })),
      }),
    );
    const { Status, StatusReason, Changes = [] } = await cloudFormation().send(new DescribeChangeSetCommand(names));
    const changes = Changes.map(({ ResourceChange: { Action, LogicalResourceId, Replacement } = {} }) =>
      [Action, LogicalResourceId, Replacement].filter(Boolean).join(" "),
    );
    return { names, status: Status, reason: StatusReason, changes: changes.toSorted() };
  }

  async function execute(parameters: Record<string, string>, type: "CREATE" | "UPDATE" = "UPDATE") {
    const { names } = await changeSet(parameters, type);
    await cloudFormation().send(new ExecuteChangeSetCommand(names));
    const { Stacks: [stack] = [] } = await cloudFormation().send(new DescribeStacksCommand({ StackName: "s" }));
    return stack;
  }

  async function events(): Promise<string[]> {
    const { StackEvents = [] } = await cloudFormation().send(new DescribeStackEventsCommand({ StackName: "s" }));
    return StackEvents.map(
      ({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`,
    ).toReversed();
  }

  test("a change set names what a changed parameter changes, whom it is replaced for, and what a condition adds", async () => {
    expect(await changeSet({ Tag: "v1" }, "CREATE")).toMatchObject({
      status: "CREATE_COMPLETE",
      changes: ["Add Cluster", "Add Definition", "Add Service"],
    });
    await execute({ Tag: "v1" }, "CREATE");
    expect(await changeSet({ Tag: "v1" })).toMatchObject({
      status: "FAILED",
      reason: "The submitted information didn't contain changes. Submit different information to create a change set.",
    });
    expect(await changeSet({ Tag: "v2" })).toMatchObject({
      changes: ["Modify Definition True", "Modify Service False"],
    });
    expect(await changeSet({ Tag: "v1", WithTopic: "yes" })).toMatchObject({ changes: ["Add Topic"] });
  });

  test("an update reaches what refers to a replaced resource, and cleans up after it", async () => {
    await execute({ Tag: "v1" }, "CREATE");
    const stack = await execute({ Tag: "v2", WithTopic: "yes" });
    expect([stack?.StackStatus, stack?.Outputs?.[0]?.OutputValue]).toEqual(["UPDATE_COMPLETE", "v2"]);
    expect((await aws.deletions()).map(({ type }) => type)).toEqual(["AWS::ECS::TaskDefinition"]);
    const { taskDefinition } = await aws
      .client(ECSClient)
      .send(new DescribeTaskDefinitionCommand({ taskDefinition: "api" }));
    expect([taskDefinition?.revision, taskDefinition?.containerDefinitions?.[0]?.image]).toEqual([
      2,
      "example.com/api:v2",
    ]);
  });

  test("an update whose service does not start is rolled back to what was there before", async () => {
    await execute({ Tag: "v1" }, "CREATE");
    const before = (await events()).length;
    const stack = await execute({ Tag: "broken" });
    expect([stack?.StackStatus, stack?.Outputs?.[0]?.OutputValue]).toEqual(["UPDATE_ROLLBACK_COMPLETE", "v1"]);
    expect((await events()).slice(before)).toMatchInlineSnapshot(`
      [
        "s UPDATE_IN_PROGRESS",
        "Definition UPDATE_IN_PROGRESS",
        "Service UPDATE_IN_PROGRESS",
        "Definition UPDATE_COMPLETE",
        "Service UPDATE_FAILED",
        "s UPDATE_ROLLBACK_IN_PROGRESS",
        "Definition UPDATE_IN_PROGRESS",
        "Service UPDATE_IN_PROGRESS",
        "Definition UPDATE_COMPLETE",
        "Service UPDATE_COMPLETE",
        "s UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "s UPDATE_ROLLBACK_COMPLETE",
      ]
    `);
    const { taskDefinition } = await aws
      .client(ECSClient)
      .send(new DescribeTaskDefinitionCommand({ taskDefinition: "api" }));
    expect([taskDefinition?.revision, taskDefinition?.containerDefinitions?.[0]?.image]).toEqual([
      1,
      "example.com/api:v1",
    ]);
    expect((await execute({ Tag: "v2" }))?.StackStatus).toBe("UPDATE_COMPLETE");
  });

  test("a stack whose service does not start at its creation is rolled back to nothing", async () => {
    expect((await execute({ Tag: "broken" }, "CREATE"))?.StackStatus).toBe("ROLLBACK_COMPLETE");
    expect(await events()).toMatchInlineSnapshot(`
      [
        "s REVIEW_IN_PROGRESS",
        "s CREATE_IN_PROGRESS",
        "Cluster CREATE_IN_PROGRESS",
        "Service CREATE_IN_PROGRESS",
        "Definition CREATE_IN_PROGRESS",
        "Cluster CREATE_COMPLETE",
        "Service CREATE_FAILED",
        "Definition CREATE_COMPLETE",
        "s ROLLBACK_IN_PROGRESS",
        "s ROLLBACK_COMPLETE",
      ]
    `);
  });
});
