import { CloudFormationClient, DescribeStacksCommand, UpdateStackSetCommand } from "@aws-sdk/client-cloudformation";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { StackSetEvent, StackSetToDeploy } from "../../../src/providers/account/stack-sets.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { createStackSets } from "../../../src/providers/aws/stack-sets/stack-sets.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { told } from "../../support/told.ts";

describeWithAws("stack sets of an AWS account", (aws) => {
  let session: AwsSession;
  beforeEach(async () => {
    await aws.reset();
    session = new AwsSession({ region: "us-west-2" });
  });
  afterEach(() => session.close());
  const { signal } = new AbortController();
  const sets = () => createStackSets(session);
  const deploy = (set: Partial<StackSetToDeploy>) => told(sets().deploy({ ...shop(1), ...set }, signal));
  const place = (region: string) => ({ name, account: "123456789012", region });

  test("a set is created, has stacks in regions, is updated in all of them, and deleted with them", async () => {
    expect(await sets().describe(name)).toBeUndefined();
    expect(await sets().listStacks(name)).toEqual([]);
    const created = await deploy(shop(1));
    expect([inShort(created.events), created.result]).toEqual([["create", "create done"], "created"]);

    for (const region of ["us-west-2", "eu-west-1"]) {
      const { events } = await told(sets().addStack(place(region), signal));
      expect(inShort(events)).toEqual([`add ${region}`, "add done"]);
    }
    expect((await told(sets().addStack(place("eu-west-1"), signal))).events).toEqual([]);
    expect(await sets().listStacks(name)).toMatchObject([
      { ...place("us-west-2"), status: "CURRENT", stackId: expect.stringContaining(":us-west-2:") },
      { ...place("eu-west-1"), status: "CURRENT", stackId: expect.stringContaining(":eu-west-1:") },
    ]);
    expect([await topics("us-west-2"), await topics("eu-west-1")]).toEqual([["shop-1"], ["shop-1"]]);

    expect(await deploy(shop(1))).toEqual({ events: [], result: "unchanged" });
    const updated = await deploy(shop(2));
    expect([inShort(updated.events), updated.result]).toEqual([["update", "update done"], "updated"]);
    expect(await sets().describe(name)).toMatchObject({ text: shop(2).text, tags: { "copilot-application": "shop" } });
    expect([await topics("us-west-2"), await topics("eu-west-1")]).toEqual([["shop-2"], ["shop-2"]]);

    const { events } = await told(sets().delete(name, signal));
    expect(inShort(events)).toEqual(["delete us-west-2 eu-west-1", "delete done"]);
    expect(await sets().describe(name)).toBeUndefined();
    expect([await topics("us-west-2"), await topics("eu-west-1")]).toEqual([[], []]);
    const { Stacks } = await aws.client(CloudFormationClient).send(new DescribeStacksCommand({}));
    expect(Stacks).toEqual([]);
    expect((await told(sets().delete(name, signal))).events).toEqual([]);
  });

  test("a template that is too large for a request goes through a bucket, of whatever region", async () => {
    const bucket = { name: "shop-artifacts", region: "eu-west-1" };
    const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" } as const;
    await aws
      .client(S3Client, bucket.region)
      .send(new CreateBucketCommand({ Bucket: bucket.name, CreateBucketConfiguration }));
    const large = shop(1, "x".repeat(52_000));
    await expect(deploy(large)).rejects.toMatchObject({ code: "stack/refused" });
    expect((await deploy({ ...large, bucket })).result).toBe("created");
    expect((await sets().describe(name))?.text).toBe(large.text);
  });

  test("who makes a version that somebody else has just made hears that the set has changed", async () => {
    await deploy(shop(1));
    let raced = false;
    aws.use(async (call, pass) => {
      if (call.action === "UpdateStackSet" && !raced) {
        raced = true;
        const theirs = { StackSetName: name, TemplateBody: shop(2, "theirs").text, OperationId: "2" };
        await aws.client(CloudFormationClient).send(new UpdateStackSetCommand(theirs));
      }
      return pass();
    });
    await expect(deploy(shop(2, "ours"))).rejects.toMatchObject({ code: "stack-set/changed" });
    expect(await sets().describe(name)).toMatchObject({ text: shop(2, "theirs").text });
  });

  test("an update whose answer is lost is made once", async () => {
    await deploy(shop(1));
    let lost = false;
    aws.use(async (call, pass) => {
      const answer = await pass();
      if (call.action !== "UpdateStackSet" || lost) return answer;
      lost = true;
      return "reset";
    });
    expect((await deploy(shop(2))).result).toBe("updated");
    expect(lost).toBe(true);
  });

  test("an id that has been used for something else is no obstacle", async () => {
    await deploy(shop(1));
    await deploy(shop(2));
    const back = await deploy({ ...shop(1), operationId: "2" });
    expect(back.result).toBe("updated");
    expect(await sets().describe(name)).toMatchObject({ text: shop(1).text });
  });

  test("a stack of a set that is not there cannot be added", async () => {
    await expect(told(sets().addStack(place("us-west-2"), signal))).rejects.toMatchObject({ code: "stack/not-found" });
  });

  async function topics(region: string): Promise<string[]> {
    const { Topics = [] } = await aws.client(SNSClient, region).send(new ListTopicsCommand({}));
    return Topics.map(({ TopicArn = "" }) => TopicArn.split(":").at(-1) ?? "");
  }
});

const name = "shop-infrastructure";

function shop(version: number, note = ""): StackSetToDeploy {
  const text = JSON.stringify({
    Metadata: { Version: version, Note: note },
    Resources: { Topic: { Type: "AWS::SNS::Topic", Properties: { TopicName: `shop-${version}` } } },
  });
  return {
    name,
    text,
    parameters: {},
    tags: { "copilot-application": "shop" },
    administrationRoleArn: "arn:aws:iam::123456789012:role/shop-adminrole",
    executionRoleName: "shop-executionrole",
    operationId: String(version),
  };
}

function inShort(events: StackSetEvent[]): string[] {
  return events.map((event) => {
    if (event.type === "stack-set-started") return [event.action, ...event.regions].join(" ");
    return event.type === "stack-set-finished" ? `${event.action} done` : `busy: ${event.operationId}`;
  });
}
