import {
  CloudFormationClient,
  ContinueUpdateRollbackCommand,
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceDriftsCommand,
  DescribeStacksCommand,
  DeleteStackCommand,
  DetectStackDriftCommand,
} from "@aws-sdk/client-cloudformation";
import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import { beforeEach, expect, test } from "vitest";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { scripted } from "../../support/aws/script.ts";
import { busyStack } from "../../support/aws/scripts/busy-stack.ts";
import { driftedStack } from "../../support/aws/scripts/drifted-stack.ts";
import { updateRollbackFailed } from "../../support/aws/scripts/update-rollback-failed.ts";

describeWithAws("scripted answers", (aws) => {
  beforeEach(() => aws.reset());
  const client = () => new AwsSession({ region: "us-west-2" }).client(CloudFormationClient);

  test("a roll-back that failed is described with its events, refuses updates, and can be continued", async () => {
    aws.use(
      scripted(
        updateRollbackFailed({
          stack: "shop-test-api",
          logicalId: "Service",
          resourceType: "AWS::ECS::Service",
          reason: 'Resource handler returned message: "Service <arn> & co did not stabilize."',
        }),
      ),
    );
    const names = { StackName: "shop-test-api" };
    const status = async () => (await client().send(new DescribeStacksCommand(names))).Stacks?.[0]?.StackStatus;
    expect(await status()).toBe("UPDATE_ROLLBACK_FAILED");
    const { StackEvents = [] } = await client().send(new DescribeStackEventsCommand(names));
    expect(StackEvents[1]).toMatchObject({
      ResourceStatus: "UPDATE_FAILED",
      ResourceStatusReason: 'Resource handler returned message: "Service <arn> & co did not stabilize."',
      Timestamp: new Date("2026-01-02T03:04:04Z"),
    });
    await expect(
      client().send(new CreateChangeSetCommand({ ...names, ChangeSetName: "c", TemplateBody: "{}" })),
    ).rejects.toThrow(/is in UPDATE_ROLLBACK_FAILED state and can not be updated/);
    await client().send(new ContinueUpdateRollbackCommand(names));
    expect(await status()).toBe("UPDATE_ROLLBACK_COMPLETE");
    expect((await client().send(new DescribeStacksCommand({}))).Stacks).toEqual([]);
  });

  test("a busy stack refuses so often, then the emulator answers", async () => {
    const template = JSON.stringify({ Resources: { Topic: { Type: "AWS::SNS::Topic" } } });
    await client().send(new CreateStackCommand({ StackName: "s", TemplateBody: template }));
    aws.use(scripted(busyStack({ stack: "s", status: "UPDATE_IN_PROGRESS", times: 1 })));
    const remove = () => client().send(new DeleteStackCommand({ StackName: "s" }));
    await expect(remove()).rejects.toMatchObject({ name: "ValidationError" });
    await remove();
    expect((await client().send(new DescribeStacksCommand({}))).Stacks).toEqual([]);
  });

  test("drift is detected after a while, property by property", async () => {
    aws.use(
      scripted(
        driftedStack({
          stack: "s",
          logicalId: "Service",
          physicalId: "arn:aws:ecs:us-west-2:123456789012:service/c/api",
          resourceType: "AWS::ECS::Service",
          differences: { "/DesiredCount": { expected: "1", actual: "3" } },
        }),
      ),
    );
    const { StackDriftDetectionId } = await client().send(new DetectStackDriftCommand({ StackName: "s" }));
    const state = async () =>
      (await client().send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }))).DetectionStatus;
    expect([await state(), await state()]).toEqual(["DETECTION_IN_PROGRESS", "DETECTION_COMPLETE"]);
    const { StackResourceDrifts = [] } = await client().send(
      new DescribeStackResourceDriftsCommand({ StackName: "s" }),
    );
    expect(StackResourceDrifts[0]?.PropertyDifferences).toEqual([
      { PropertyPath: "/DesiredCount", ExpectedValue: "1", ActualValue: "3", DifferenceType: "NOT_EQUAL" },
    ]);
  });

  test("an answer that the SDK's model does not know is refused, so that no script can make one up", async () => {
    const answers = { "ecs:DescribeServices": () => ({ services: [{ serviceName: "api", mood: "well" }] }) };
    aws.use(scripted({ source: "nowhere", answers }));
    const asked = new ECSClient({ region: "us-west-2", maxAttempts: 1 }).send(
      new DescribeServicesCommand({ services: ["api"] }),
    );
    await expect(asked).rejects.toThrow(/services\[0\]\.mood: no member of Service/);
  });
});
