import {
  CreateSubnetCommand,
  CreateManagedPrefixListCommand,
  CreateVpcCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateRuleCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { beforeAll, expect, test } from "vitest";
import { loadBalancersNamed } from "../../../src/providers/aws/facts/load-balancers.ts";
import { cloudFrontPrefixListId, subnetsWithTags } from "../../../src/providers/aws/facts/network.ts";
import { rulePriorities } from "../../../src/providers/aws/facts/rule-priorities.ts";
import { AwsSession } from "../../../src/providers/aws/session.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";

/** What manifests name and nobody of ours made: a load balancer with rules of others, subnets by their tags. */
describeWithAws("facts of what manifests name", (aws) => {
  const session = () => new AwsSession({ region: "us-west-2" });
  let vpc = "";
  let arn = "";
  let listener = "";

  beforeAll(async () => {
    const ec2 = aws.client(EC2Client);
    vpc = (await ec2.send(new CreateVpcCommand({ CidrBlock: "10.1.0.0/16" }))).Vpc?.VpcId ?? "";
    const subnet = (cidr: string, zone: string, tags: Record<string, string>) =>
      ec2.send(
        new CreateSubnetCommand({
          VpcId: vpc,
          CidrBlock: cidr,
          AvailabilityZone: zone,
          TagSpecifications: [
            { ResourceType: "subnet", Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
          ],
        }),
      );
    const first = await subnet("10.1.0.0/24", "us-west-2a", { tier: "app", team: "web" });
    const second = await subnet("10.1.1.0/24", "us-west-2b", { tier: "app", team: "data" });
    await subnet("10.1.2.0/24", "us-west-2b", { tier: "db", team: "web" });
    const balancers = aws.client(ElasticLoadBalancingV2Client);
    const Subnets = [first, second].map(({ Subnet }) => Subnet?.SubnetId ?? "");
    const made = await balancers.send(new CreateLoadBalancerCommand({ Name: "shared", Subnets }));
    arn = made.LoadBalancers?.[0]?.LoadBalancerArn ?? "";
    const fixed = { Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } } as const;
    const { Listeners } = await balancers.send(
      new CreateListenerCommand({ LoadBalancerArn: arn, Port: 80, Protocol: "HTTP", DefaultActions: [fixed] }),
    );
    listener = Listeners?.[0]?.ListenerArn ?? "";
    for (const Priority of [4, 49_999])
      await balancers.send(
        new CreateRuleCommand({
          ListenerArn: listener,
          Priority,
          Conditions: [{ Field: "path-pattern", Values: [`/${Priority}`] }],
          Actions: [fixed],
        }),
      );
  });

  test("a load balancer is found by its name and by its ARN, with its listeners; one that is not there is left out", async () => {
    const ours = session();
    const found = await loadBalancersNamed(["shared", arn, "gone", "shared"], ours);
    expect(Object.keys(found)).toEqual(["shared", arn]);
    expect(found["shared"]).toEqual(found[arn]);
    expect(found["shared"]).toEqual({
      arn,
      name: "shared",
      dnsName: expect.stringContaining("shared"),
      hostedZoneId: expect.any(String),
      securityGroups: expect.any(Array),
      listeners: [{ arn: listener, port: 80, protocol: "HTTP" }],
    });
    ours.close();
  });

  test("new rules get the priorities that are free, at both ends", async () => {
    const ours = session();
    const given = await rulePriorities(
      {
        rules: { loadBalancer: { name: "shared" }, certificates: false, bands: ["path", "root", "path"] },
        domain: undefined,
        environment: {},
        loadBalancers: await loadBalancersNamed(["shared"], ours),
        deployed: {},
        resources: {},
      },
      ours,
    );
    expect(given).toEqual({ HTTPRulePriority: 5, HTTPRulePriority1: 49_998, HTTPRulePriority2: 6 });
    ours.close();
  });

  test("rules that the stack holds keep theirs: those are not asked for", async () => {
    const ours = session();
    aws.calls.length = 0;
    const given = await rulePriorities(
      {
        rules: { loadBalancer: "public", certificates: false, bands: ["root"] },
        domain: "example.com",
        environment: { HTTPListenerArn: listener, HTTPSListenerArn: listener },
        loadBalancers: {},
        deployed: { HTTPRuleWithDomainPriority: "7", HTTPSRulePriority: "8" },
        resources: {},
      },
      ours,
    );
    expect([given, aws.calls]).toEqual([{}, []]);
    ours.close();
  });

  test("subnets have all of the tags, each with one of its values, and are the environment's", async () => {
    const ours = session();
    const { Subnets = [] } = await aws.client(EC2Client).send(new DescribeSubnetsCommand({}));
    const cidrs = async (tags: Record<string, string[]>, of = vpc) =>
      (await subnetsWithTags(tags, of, ours)).map((id) => Subnets.find((each) => each.SubnetId === id)?.CidrBlock);
    expect((await cidrs({ tier: ["app"] })).toSorted()).toEqual(["10.1.0.0/24", "10.1.1.0/24"]);
    expect(await cidrs({ tier: ["app", "db"], team: ["data"] })).toEqual(["10.1.1.0/24"]);
    expect(await cidrs({ tier: ["app"] }, "vpc-0123456789abcdef0")).toEqual([]);
    expect(await cidrs({ tier: ["none"] })).toEqual([]);
    ours.close();
  });

  test("the list of CloudFront's addresses is found by the name that AWS gave it", async () => {
    const ours = session();
    const name = "com.amazonaws.global.cloudfront.origin-facing";
    const make = new CreateManagedPrefixListCommand({ PrefixListName: name, MaxEntries: 1, AddressFamily: "IPv4" });
    const known = await cloudFrontPrefixListId(ours);
    const made = known ?? (await aws.client(EC2Client).send(make)).PrefixList?.PrefixListId;
    expect(await cloudFrontPrefixListId(ours)).toBe(made);
    ours.close();
  });
});
