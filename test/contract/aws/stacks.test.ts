import {
  CloudFormationClient,
  CreateChangeSetCommand,
  DescribeStacksCommand,
  ListChangeSetsCommand,
} from "@aws-sdk/client-cloudformation";
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { GetTopicAttributesCommand, ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { StackEvent, StackToDeploy } from "../../../src/providers/account/stacks.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { createStacks } from "../../../src/providers/aws/stacks/stacks.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { told } from "../../support/told.ts";

describeWithAws("stacks of an AWS account", (aws) => {
  let session: AwsSession;
  beforeEach(async () => {
    await aws.reset();
    session = new AwsSession({ region: "us-west-2" });
  });
  afterEach(() => session.close());
  const { signal } = new AbortController();
  const deploy = (stack: Partial<StackToDeploy>, aborts = signal) =>
    told(createStacks(session).deploy({ ...jobs, ...stack }, aborts));

  test("a stack is created, left alone, updated by its template or its parameters, and deleted", async () => {
    const created = await deploy({ text: template() });
    expect(inShort(created.events)).toMatchInlineSnapshot(`
      [
        "create",
        "jobs (AWS::CloudFormation::Stack) CREATE_IN_PROGRESS: User Initiated",
        "Topic (AWS::SNS::Topic) CREATE_IN_PROGRESS",
        "Topic (AWS::SNS::Topic) CREATE_COMPLETE",
        "jobs (AWS::CloudFormation::Stack) CREATE_COMPLETE",
      ]
    `);
    expect(created.result).toMatchObject({
      outcome: "created",
      stack: {
        status: "CREATE_COMPLETE",
        outputs: { Name: topic("jobs-1") },
        tags: jobs.tags,
        parameters: { Title: "Jobs" },
      },
    });
    const unchanged = await deploy({ text: template() });
    expect([inShort(unchanged.events), unchanged.result.outcome]).toEqual([[], "unchanged"]);
    expect(await changeSets("jobs")).toEqual([]);

    const renamed = await deploy({ text: template("jobs-2") });
    expect(inShort(renamed.events)).toMatchInlineSnapshot(`
      [
        "update",
        "jobs (AWS::CloudFormation::Stack) UPDATE_IN_PROGRESS: User Initiated",
        "Topic (AWS::SNS::Topic) UPDATE_IN_PROGRESS",
        "Topic (AWS::SNS::Topic) UPDATE_COMPLETE",
        "jobs (AWS::CloudFormation::Stack) UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "jobs (AWS::CloudFormation::Stack) UPDATE_COMPLETE",
      ]
    `);
    expect(renamed.result).toMatchObject({ outcome: "updated", stack: { outputs: { Name: topic("jobs-2") } } });

    const tuned = await deploy({ parameters: { Title: "Work" } });
    expect(tuned.result).toMatchObject({ outcome: "updated", stack: { parameters: { Title: "Work" } } });
    expect(await attributes("jobs-2")).toMatchObject({ DisplayName: "Work" });

    const gone = await told(createStacks(session).delete({ name: "jobs", where: {} }, signal));
    expect(inShort(gone.events)).toMatchInlineSnapshot(`
      [
        "delete",
        "jobs (AWS::CloudFormation::Stack) DELETE_IN_PROGRESS: User Initiated",
        "jobs (AWS::CloudFormation::Stack) DELETE_COMPLETE",
      ]
    `);
    expect(await createStacks(session).describe("jobs", {})).toBeUndefined();
    const { Topics } = await aws.client(SNSClient).send(new ListTopicsCommand({}));
    expect(Topics).toEqual([]);
    expect((await told(createStacks(session).delete({ name: "jobs", where: {} }, signal))).events).toEqual([]);
  });

  test("a deployment asks seven times, one without a change four times", async () => {
    await deploy({ text: template() });
    expect(aws.calls.map(({ action }) => action)).toMatchInlineSnapshot(`
      [
        "DescribeStacks",
        "CreateChangeSet",
        "DescribeChangeSet",
        "ExecuteChangeSet",
        "DescribeStackEvents",
        "DescribeStacks",
      ]
    `);
    aws.calls.length = 0;
    await deploy({ text: template() });
    expect(aws.calls.map(({ action }) => action)).toMatchInlineSnapshot(`
      [
        "DescribeStacks",
        "CreateChangeSet",
      ]
    `);
  });

  test("what there is can be read: template, resources by logical ID, stacks by their tags", async () => {
    await deploy({ text: template() });
    await deploy({ name: "other", tags: { "copilot-application": "else" }, text: template("other") });
    const stacks = createStacks(session);
    expect(JSON.parse(await stacks.template("jobs", {}))).toEqual(JSON.parse(template()));
    expect(await stacks.resources("jobs", {})).toMatchInlineSnapshot(`
      {
        "Topic": {
          "physicalId": "arn:aws:sns:us-west-2:123456789012:jobs-1",
          "status": "CREATE_COMPLETE",
          "type": "AWS::SNS::Topic",
        },
      }
    `);
    const found = await stacks.listByTags({ "copilot-application": "shop" }, {});
    expect(found.map(({ name }) => name)).toEqual(["jobs"]);
    await expect(stacks.template("none", {})).rejects.toMatchObject({ code: "stack/not-found" });
    await expect(stacks.resources("none", {})).rejects.toMatchObject({ code: "stack/not-found" });
    expect(await stacks.describe("jobs", { region: "eu-west-1" })).toBeUndefined();
  });

  test("a large template goes through the bucket, one that is too large nowhere", async () => {
    const s3 = aws.client(S3Client);
    const where = { LocationConstraint: "us-west-2" } as const;
    await s3.send(new CreateBucketCommand({ Bucket: "artifacts", CreateBucketConfiguration: where }));
    const large = template("jobs-1", 60_000);
    await expect(deploy({ text: large })).rejects.toMatchObject({ code: "stack/refused" });
    expect((await deploy({ text: large, bucket: "artifacts" })).result.outcome).toBe("created");
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "artifacts" }));
    expect(Contents.map(({ Key }) => Key)).toEqual([
      expect.stringMatching(/^manual\/templates\/jobs\/[0-9a-f]{64}\.yml$/),
    ]);
    await expect(deploy({ text: template("jobs-1", 1_000_001), bucket: "artifacts" })).rejects.toMatchObject({
      code: "stack/refused",
    });
  });

  test("a stack that somebody has begun to review is created, with what they left gone", async () => {
    const left = {
      StackName: "jobs",
      ChangeSetName: "left",
      ChangeSetType: "CREATE",
      TemplateBody: template(),
    } as const;
    const Parameters = [{ ParameterKey: "Title", ParameterValue: "Jobs" }];
    await aws.client(CloudFormationClient).send(new CreateChangeSetCommand({ ...left, Parameters }));
    expect(await createStacks(session).describe("jobs", {})).toMatchObject({ status: "REVIEW_IN_PROGRESS" });
    expect((await deploy({ text: template() })).result.outcome).toBe("created");
    const { Stacks = [] } = await aws.client(CloudFormationClient).send(new DescribeStacksCommand({}));
    expect(Stacks.map(({ StackName, StackStatus }) => [StackName, StackStatus])).toEqual([["jobs", "CREATE_COMPLETE"]]);
  });

  test("an interruption before anything was begun leaves nothing behind", async () => {
    const abort = new AbortController();
    aws.use((call, pass) => {
      if (call.action === "DescribeChangeSet") abort.abort();
      return pass();
    });
    const { events, result } = await deploy({ text: template() }, abort.signal);
    expect([events, result]).toEqual([[], { outcome: "interrupted" }]);
    const { Stacks } = await aws.client(CloudFormationClient).send(new DescribeStacksCommand({}));
    expect(Stacks).toEqual([]);
  });

  test("an update that is not followed is begun and goes on", async () => {
    const detached = await deploy({ text: template(), detach: true });
    expect([inShort(detached.events), detached.result]).toEqual([["create"], { outcome: "detached" }]);
    expect(await createStacks(session).describe("jobs", {})).toMatchObject({ status: "CREATE_COMPLETE" });
  });

  async function changeSets(StackName: string) {
    const { Summaries = [] } = await aws.client(CloudFormationClient).send(new ListChangeSetsCommand({ StackName }));
    return Summaries.filter(({ ExecutionStatus }) => ExecutionStatus !== "EXECUTE_COMPLETE");
  }

  async function attributes(name: string) {
    return (await aws.client(SNSClient).send(new GetTopicAttributesCommand({ TopicArn: topic(name) }))).Attributes;
  }
});

const jobs = {
  name: "jobs",
  parameters: { Title: "Jobs" },
  tags: { "copilot-application": "shop" },
  where: {},
};

function template(name = "jobs-1", size = 0): string {
  return JSON.stringify({
    Description: "jobs",
    Metadata: { Filler: "x".repeat(size) },
    Parameters: { Title: { Type: "String" } },
    Resources: {
      Topic: { Type: "AWS::SNS::Topic", Properties: { TopicName: name, DisplayName: { Ref: "Title" } } },
    },
    Outputs: { Name: { Value: { Ref: "Topic" } } },
  });
}

function inShort(events: StackEvent[]): string[] {
  return events.map((event) => {
    if (event.type === "stack-started") return event.action;
    if (event.type === "stack-busy") return `busy: ${event.status} since ${event.since}`;
    const { logicalId, resourceType, status, reason } = event;
    return `${logicalId} (${resourceType}) ${status}${reason === undefined ? "" : `: ${reason}`}`;
  });
}

function topic(name: string): string {
  return `arn:aws:sns:us-west-2:123456789012:${name}`;
}
