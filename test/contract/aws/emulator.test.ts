import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  CloudFormationClient,
} from "@aws-sdk/client-cloudformation";
import { ListHostedZonesByNameCommand, Route53Client } from "@aws-sdk/client-route-53";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { beforeEach, expect, test } from "vitest";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";

describeWithAws("the AWS emulator", (aws) => {
  beforeEach(() => aws.reset());
  const session = () => new AwsSession({ region: "us-west-2" });

  test("what one client writes, another one reads, and each call of the code under test is counted", async () => {
    const ours = session();
    const put = { Name: "/copilot/applications/shop", Type: "String", Value: "{}" } as const;
    await ours.client(SSMClient).send(new PutParameterCommand(put));
    const back = await aws.client(SSMClient).send(new GetParameterCommand({ Name: put.Name }));
    expect(back.Parameter?.Value).toBe("{}");
    expect(await ours.identity()).toEqual({ account: "123456789012", arn: expect.any(String) });
    expect(aws.calls.map(({ name, status, region }) => [name, status, region])).toEqual([
      ["ssm:PutParameter", 200, "us-west-2"],
      ["sts:GetCallerIdentity", 200, "us-west-2"],
    ]);
    ours.close();
  });

  test("operations of protocols that name them by method and path alone are known too", async () => {
    const ours = session();
    const s3 = ours.client(S3Client);
    await s3.send(
      new CreateBucketCommand({ Bucket: "notes", CreateBucketConfiguration: { LocationConstraint: "us-west-2" } }),
    );
    await s3.send(new PutObjectCommand({ Bucket: "notes", Key: "a/b.txt", Body: "text" }));
    await s3.send(new ListObjectsV2Command({ Bucket: "notes" }));
    const got = await s3.send(new GetObjectCommand({ Bucket: "notes", Key: "a/b.txt" }));
    expect(await got.Body?.transformToString()).toBe("text");
    await ours.client(Route53Client).send(new ListHostedZonesByNameCommand({}));
    expect(aws.calls.map(({ name }) => name)).toEqual([
      "s3:CreateBucket",
      "s3:PutObject",
      "s3:ListObjectsV2",
      "s3:GetObject",
      "route53:ListHostedZonesByName",
    ]);
    ours.close();
  });

  test("what CloudFormation deletes is listed, and a reset forgets everything", async () => {
    const cloudFormation = aws.client(CloudFormationClient);
    const template = {
      Resources: { Topic: { Type: "AWS::SNS::Topic" }, Own: { Type: "Custom::Thing", Properties: {} } },
    };
    await cloudFormation.send(new CreateStackCommand({ StackName: "s", TemplateBody: JSON.stringify(template) }));
    expect((await cloudFormation.send(new DescribeStacksCommand({ StackName: "s" }))).Stacks?.[0]?.StackStatus).toBe(
      "CREATE_COMPLETE",
    );
    await cloudFormation.send(new DeleteStackCommand({ StackName: "s" }));
    expect((await aws.deletions()).map(({ event, type }) => `${event}: ${type}`).toSorted()).toEqual([
      "custom resource gets a Delete: Custom::Thing",
      "resource deleted: AWS::SNS::Topic",
      "resource deleted: Custom::Thing",
    ]);
    await aws.reset();
    expect((await cloudFormation.send(new DescribeStacksCommand({}))).Stacks).toEqual([]);
    expect([await aws.deletions(), aws.calls]).toEqual([[], []]);
  });
});
