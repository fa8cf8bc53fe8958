import { ACMClient, ListCertificatesCommand } from "@aws-sdk/client-acm";
import {
  CloudFormationClient,
  DescribeStacksCommand,
  ListStackInstancesCommand,
  ListStackSetsCommand,
} from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { DescribeServicesCommand, ECSClient, ListClustersCommand, ListServicesCommand } from "@aws-sdk/client-ecs";
import { DescribeLoadBalancersCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { ListHostedZonesCommand, ListResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { ListStateMachinesCommand, SFNClient } from "@aws-sdk/client-sfn";
import { DescribeParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { AwsEmulator } from "./emulator.ts";

/** Everything in an account that an application could have made, by kind and name (what AWS chose of it is `ID`), asked with the
 *  plain SDK. Keys of KMS are
 *  left out: they go days after they have been deleted. */
export async function whatIsLeft(aws: AwsEmulator, regions: readonly string[]): Promise<string[]> {
  const everywhere = await Promise.all(regions.map((region) => inRegion(aws, region)));
  const [{ Buckets = [] }, { Roles = [] }, records] = await Promise.all([
    aws.client(S3Client).send(new ListBucketsCommand({})),
    aws.client(IAMClient).send(new ListRolesCommand({})),
    recordsIn(aws),
  ]);
  return [
    ...everywhere.flat(),
    ...Buckets.map(({ Name }) => `bucket ${Name}`),
    ...Roles.filter(({ Path }) => Path?.startsWith("/aws-") !== true).map(({ RoleName }) => `role ${RoleName}`),
    ...records,
  ]
    .map((each) => each.replace(/-(?=[^ -]*[0-9A-Z])[0-9A-Za-z]{12,13}(?= |$)/, "-ID"))
    .toSorted();
}

async function inRegion(aws: AwsEmulator, region: string): Promise<string[]> {
  const cloudFormation = aws.client(CloudFormationClient, region);
  const ecs = aws.client(ECSClient, region);
  const [stacks, sets, groups, repositories, clusters, balancers, certificates, parameters, queues, topics, machines] =
    await Promise.all([
      cloudFormation.send(new DescribeStacksCommand({})),
      cloudFormation.send(new ListStackSetsCommand({ Status: "ACTIVE" })),
      aws.client(CloudWatchLogsClient, region).send(new DescribeLogGroupsCommand({})),
      aws.client(ECRClient, region).send(new DescribeRepositoriesCommand({})),
      ecs.send(new ListClustersCommand({})),
      aws.client(ElasticLoadBalancingV2Client, region).send(new DescribeLoadBalancersCommand({})),
      aws.client(ACMClient, region).send(new ListCertificatesCommand({})),
      aws.client(SSMClient, region).send(
        new DescribeParametersCommand({
          ParameterFilters: [{ Key: "Name", Option: "BeginsWith", Values: ["/copilot/"] }],
        }),
      ),
      aws.client(SQSClient, region).send(new ListQueuesCommand({})),
      aws.client(SNSClient, region).send(new ListTopicsCommand({})),
      aws.client(SFNClient, region).send(new ListStateMachinesCommand({})),
    ]);
  const { Stacks = [] } = stacks;
  const setNames = (sets.Summaries ?? []).flatMap(({ StackSetName = "", Status }) =>
    Status === "DELETED" ? [] : [StackSetName],
  );
  const instances = await Promise.all(
    setNames.map(async (StackSetName) => {
      const { Summaries = [] } = await cloudFormation.send(new ListStackInstancesCommand({ StackSetName }));
      return Summaries.map((each) => `stack of ${StackSetName} in ${each.Region}`);
    }),
  );
  const services = await Promise.all((clusters.clusterArns ?? []).map((cluster) => activeServices(ecs, cluster)));
  return [
    ...Stacks.filter(({ StackStatus }) => StackStatus !== "DELETE_COMPLETE").map(
      ({ StackName, StackStatus }) => `stack ${StackName} ${StackStatus}`,
    ),
    ...setNames.map((name) => `stack set ${name}`),
    ...instances.flat(),
    ...(groups.logGroups ?? []).map(({ logGroupName }) => `log group ${logGroupName}`),
    ...(repositories.repositories ?? []).map(({ repositoryName }) => `repository ${repositoryName} in ${region}`),
    ...(clusters.clusterArns ?? []).map((arn) => `cluster ${arn.split("/")[1]}`),
    ...services.flat(),
    ...(balancers.LoadBalancers ?? []).map(({ LoadBalancerName }) => `load balancer ${LoadBalancerName}`),
    ...(certificates.CertificateSummaryList ?? []).map(({ DomainName }) => `certificate ${DomainName} in ${region}`),
    ...(parameters.Parameters ?? []).map(({ Name }) => `parameter ${Name}`),
    ...(queues.QueueUrls ?? []).map((url) => `queue ${url.split("/").at(-1)}`),
    ...(topics.Topics ?? []).map(({ TopicArn }) => `topic ${TopicArn?.split(":").at(-1)}`),
    ...(machines.stateMachines ?? []).map(({ name }) => `state machine ${name}`),
  ];
}

async function activeServices(ecs: ECSClient, cluster: string): Promise<string[]> {
  const { serviceArns: services = [] } = await ecs.send(new ListServicesCommand({ cluster }));
  if (services.length === 0) return [];
  const described = await ecs.send(new DescribeServicesCommand({ cluster, services }));
  return (described.services ?? [])
    .filter(({ status }) => status !== "INACTIVE")
    .map(({ serviceName }) => `service ${serviceName}`);
}

/** Hosted zones, and their records but for those that every zone has. */
async function recordsIn(aws: AwsEmulator): Promise<string[]> {
  const route53 = aws.client(Route53Client);
  const { HostedZones = [] } = await route53.send(new ListHostedZonesCommand({}));
  const all = HostedZones.map(async ({ Id, Name }) => {
    const { ResourceRecordSets = [] } = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: Id }));
    const own = ResourceRecordSets.filter((each) => each.Name !== Name || !["NS", "SOA"].includes(each.Type ?? ""));
    return [`zone ${Name}`, ...own.map((each) => `record ${each.Name} ${each.Type} in ${Name}`)];
  });
  return (await Promise.all(all)).flat();
}
