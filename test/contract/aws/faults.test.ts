import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeFileSystemsCommand, EFSClient } from "@aws-sdk/client-efs";
import { ListHostedZonesCommand, Route53Client } from "@aws-sdk/client-route-53";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";
import { beforeEach, expect, test } from "vitest";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import { allFaults, type Fault, faults } from "../../support/aws/faults.ts";

describeWithAws("faults between the SDK and the emulator", (aws) => {
  beforeEach(() => aws.reset());
  // Without retries, so that each fault is seen once.
  const once = { region: "us-west-2", maxAttempts: 1 };
  const calls: Record<string, () => Promise<unknown>> = {
    "ssm:GetParametersByPath": () => new SSMClient(once).send(new GetParametersByPathCommand({ Path: "/" })),
    "cloudformation:DescribeStacks": () => new CloudFormationClient(once).send(new DescribeStacksCommand({})),
    "ec2:DescribeSubnets": () => new EC2Client(once).send(new DescribeSubnetsCommand({})),
    "s3:ListBuckets": () => new S3Client(once).send(new ListBucketsCommand({})),
    "route53:ListHostedZones": () => new Route53Client(once).send(new ListHostedZonesCommand({})),
    "elasticfilesystem:DescribeFileSystems": () => new EFSClient(once).send(new DescribeFileSystemsCommand({})),
  };

  test.for([...allFaults])("%s is what the SDK sees, whatever protocol it speaks", async (fault: Fault) => {
    const layer = faults({ seed: 1, share: 1, kinds: [fault], when: "after", slowMs: 5 });
    aws.use(layer);
    const seen: Record<string, string> = {};
    for (const [name, call] of Object.entries(calls))
      seen[name] = await call().then(
        () => "an answer",
        (error: Error) => error.name,
      );
    expect(layer.injected.map(({ call }) => call)).toEqual(Object.keys(calls));
    expect(seen).toMatchSnapshot();
  });

  test("a call that fails afterwards has taken effect, one that fails before has not", async () => {
    const topics = async () => (await aws.client(SNSClient).send(new ListTopicsCommand({}))).Topics?.length ?? 0;
    for (const when of ["before", "after"] as const) {
      await aws.reset();
      aws.use(faults({ seed: 1, share: 1, kinds: ["reset"], when, calls: ["sns:*"], most: 1 }));
      await expect(new SNSClient(once).send(new CreateTopicCommand({ Name: "t" }))).rejects.toThrow();
      expect([when, await topics(), aws.calls.map(({ status }) => status)]).toEqual([
        when,
        when === "after" ? 1 : 0,
        [0],
      ]);
    }
  });

  test("a share of the calls fails, the same ones in each run with the same seed", async () => {
    const runs: string[][] = [];
    for (const seed of [7, 7, 8]) {
      await aws.reset();
      const layer = faults({ seed, share: 0.3, kinds: allFaults, slowMs: 1 });
      aws.use(layer);
      for (let turn = 0; turn < 100; turn++) await calls["ssm:GetParametersByPath"]?.().catch(() => undefined);
      runs.push(layer.injected.map(({ fault, tookEffect }) => `${fault} ${tookEffect}`));
    }
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0]).not.toEqual(runs[2]);
    expect(runs[0]?.length).toBeGreaterThan(15);
    expect(runs[0]?.length).toBeLessThan(45);
  });
});
