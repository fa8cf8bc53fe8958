import {
  CloudFormationClient,
  ListChangeSetsCommand,
  ListStackInstancesCommand,
  ListStacksCommand,
  ListStackSetOperationsCommand,
  ListStackSetsCommand,
} from "@aws-sdk/client-cloudformation";
import { ACMClient, ListCertificatesCommand } from "@aws-sdk/client-acm";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import {
  DescribeServicesCommand,
  ECSClient,
  ListClustersCommand,
  ListServicesCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTasksCommand,
} from "@aws-sdk/client-ecs";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { ListHostedZonesCommand, Route53Client } from "@aws-sdk/client-route-53";
import { ListBucketsCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { ListStateMachinesCommand, SFNClient } from "@aws-sdk/client-sfn";
import { ListNamespacesCommand, ServiceDiscoveryClient } from "@aws-sdk/client-servicediscovery";
import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { AwsEmulator } from "./emulator.ts";

/** Everything that an account holds, by kind, as lists of names without what AWS makes up. What a command has left behind or
 *  made twice is seen in the comparison of two of them. */
export async function inventory(aws: AwsEmulator): Promise<Record<string, string[]>> {
  const clients = clientsOf(aws);
  const asked = Object.entries(listings(clients)).map(async ([kind, list]) => {
    const names = (await list()).map((name) => withoutSuffix(name ?? "?"));
    return [kind, names.toSorted()] as const;
  });
  return Object.fromEntries(await Promise.all(asked));
}

const known = new WeakMap<AwsEmulator, Clients>();
type Clients = ReturnType<typeof openClients>;

/** One of each, however often an account is looked at. */
function clientsOf(aws: AwsEmulator): Clients {
  const clients = known.get(aws) ?? openClients(aws);
  known.set(aws, clients);
  return clients;
}

function openClients(aws: AwsEmulator) {
  return {
    acm: aws.client(ACMClient),
    cloudFormation: aws.client(CloudFormationClient),
    discovery: aws.client(ServiceDiscoveryClient),
    ec2: aws.client(EC2Client),
    ecr: aws.client(ECRClient),
    ecs: aws.client(ECSClient),
    elb: aws.client(ElasticLoadBalancingV2Client),
    iam: aws.client(IAMClient),
    logs: aws.client(CloudWatchLogsClient),
    route53: aws.client(Route53Client),
    s3: aws.client(S3Client),
    sfn: aws.client(SFNClient),
    sns: aws.client(SNSClient),
    sqs: aws.client(SQSClient),
    ssm: aws.client(SSMClient),
  };
}

type Names = Promise<(string | undefined)[]>;

function listings(clients: Clients): Record<string, () => Names> {
  const { acm, cloudFormation, discovery, ec2, ecr, ecs, elb, iam, logs, route53, s3, sfn, sns, sqs, ssm } = clients;
  const stacks = async () => {
    const { StackSummaries = [] } = await cloudFormation.send(new ListStacksCommand({}));
    return StackSummaries.filter(({ StackStatus }) => StackStatus !== "DELETE_COMPLETE");
  };
  const stackSets = async () => {
    const { Summaries = [] } = await cloudFormation.send(new ListStackSetsCommand({ Status: "ACTIVE" }));
    return Summaries.map(({ StackSetName = "" }) => StackSetName);
  };
  return {
    // One that was deployed a second time is as good as one that never had to be.
    stacks: async () =>
      (await stacks()).map(
        ({ StackName, StackStatus }) =>
          `${StackName} ${StackStatus?.replace(/^(CREATE|UPDATE)_COMPLETE$/, "COMPLETE")}`,
      ),
    "change sets that wait": async () => {
      const all = (await stacks()).map(async ({ StackId, StackName }) => {
        const { Summaries = [] } = await cloudFormation.send(new ListChangeSetsCommand({ StackName: StackId }));
        return Summaries.filter(({ ExecutionStatus }) => ExecutionStatus === "AVAILABLE").map(
          ({ ChangeSetName }) => `${StackName} ${ChangeSetName}`,
        );
      });
      return (await Promise.all(all)).flat();
    },
    "stack sets": stackSets,
    "stacks of sets": async () => {
      const all = (await stackSets()).map(async (name) => {
        const { Summaries = [] } = await cloudFormation.send(new ListStackInstancesCommand({ StackSetName: name }));
        return Summaries.map(({ Region, Status }) => `${name} ${Region} ${Status}`);
      });
      return (await Promise.all(all)).flat();
    },
    "operations that go on": async () => {
      const all = (await stackSets()).map(async (name) => {
        const { Summaries = [] } = await cloudFormation.send(new ListStackSetOperationsCommand({ StackSetName: name }));
        return Summaries.filter(({ Status }) => Status === "RUNNING").map(({ Action }) => `${name} ${Action}`);
      });
      return (await Promise.all(all)).flat();
    },
    parameters: async () =>
      ((await ssm.send(new GetParametersByPathCommand({ Path: "/", Recursive: true }))).Parameters ?? []).map(
        ({ Name, Value }) => `${Name} ${Value}`,
      ),
    repositories: async () =>
      ((await ecr.send(new DescribeRepositoriesCommand({}))).repositories ?? []).map(
        ({ repositoryName }) => repositoryName,
      ),
    objects: async () => {
      const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
      const all = Buckets.map(async ({ Name = "" }) => {
        const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: Name }));
        // What has been tried is remembered: a second try leaves a second record.
        return [Name, ...Contents.flatMap(({ Key = "" }) => (Key.startsWith("history/") ? [] : [Key]))];
      });
      return (await Promise.all(all)).flat();
    },
    services: async () => {
      const { clusterArns = [] } = await ecs.send(new ListClustersCommand({}));
      const all = clusterArns.map(async (cluster) => {
        const { serviceArns = [] } = await ecs.send(new ListServicesCommand({ cluster }));
        const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, desiredStatus: "RUNNING" }));
        const { services = [] } =
          serviceArns.length === 0
            ? {}
            : await ecs.send(new DescribeServicesCommand({ cluster, services: serviceArns }));
        const described = services.map(
          ({ serviceName, status, runningCount, deployments }) =>
            `${serviceName} ${status} ${runningCount} running, ${deployments?.map(({ rolloutState }) => rolloutState).join()}`,
        );
        return [nameIn(cluster), `${taskArns.length} tasks`, ...described];
      });
      return (await Promise.all(all)).flat();
    },
    "task definitions": async () =>
      (await ecs.send(new ListTaskDefinitionFamiliesCommand({ status: "ACTIVE" }))).families ?? [],
    "log groups": async () =>
      ((await logs.send(new DescribeLogGroupsCommand({}))).logGroups ?? []).map(({ logGroupName }) => logGroupName),
    roles: async () => ((await iam.send(new ListRolesCommand({}))).Roles ?? []).map(({ RoleName }) => RoleName),
    networks: async () => [
      ...((await ec2.send(new DescribeVpcsCommand({}))).Vpcs ?? []).map(({ CidrBlock }) => `VPC ${CidrBlock}`),
      ...((await ec2.send(new DescribeSubnetsCommand({}))).Subnets ?? []).map(({ CidrBlock }) => `subnet ${CidrBlock}`),
      ...((await ec2.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups ?? []).map(
        ({ Description }) => `security group ${Description}`,
      ),
    ],
    "load balancers": async () => [
      ...((await elb.send(new DescribeLoadBalancersCommand({}))).LoadBalancers ?? []).map(
        ({ LoadBalancerName }) => LoadBalancerName,
      ),
      ...((await elb.send(new DescribeTargetGroupsCommand({}))).TargetGroups ?? []).map(
        ({ TargetGroupName }) => TargetGroupName,
      ),
    ],
    "listener rules": async () => {
      const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
      const listeners = LoadBalancers.map(({ LoadBalancerArn }) =>
        elb.send(new DescribeListenersCommand({ LoadBalancerArn })),
      );
      const all = (await Promise.all(listeners)).flatMap(({ Listeners = [] }) => Listeners);
      const rules = all.map(({ ListenerArn }) => elb.send(new DescribeRulesCommand({ ListenerArn })));
      return (await Promise.all(rules)).flatMap(({ Rules = [] }, index) =>
        Rules.map(({ Priority, Conditions = [] }) => {
          const paths = Conditions.flatMap(({ PathPatternConfig }) => PathPatternConfig?.Values ?? []);
          return [all[index]?.Port, Priority, ...paths].join(" ");
        }),
      );
    },
    names: async () => [
      ...((await route53.send(new ListHostedZonesCommand({}))).HostedZones ?? []).map(({ Name }) => Name),
      ...((await discovery.send(new ListNamespacesCommand({}))).Namespaces ?? []).map(({ Name }) => Name),
      ...((await acm.send(new ListCertificatesCommand({}))).CertificateSummaryList ?? []).map(
        ({ DomainName }) => DomainName,
      ),
    ],
    "queues and topics": async () => [
      ...((await sqs.send(new ListQueuesCommand({}))).QueueUrls ?? []).map((url) => nameIn(url)),
      ...((await sns.send(new ListTopicsCommand({}))).Topics ?? []).map(({ TopicArn }) => TopicArn),
    ],
    "state machines": async () =>
      ((await sfn.send(new ListStateMachinesCommand({}))).stateMachines ?? []).map(({ name }) => name),
  };
}

function nameIn(arnOrUrl: string): string {
  return arnOrUrl.split("/").at(-1) ?? "";
}

/** What CloudFormation puts behind the names that it chooses. */
function withoutSuffix(name: string): string {
  return name
    .replace(/-[A-Z0-9]{12,13}\b/g, "-…")
    .replace(/-[A-Za-z0-9]{6,12}-\d\b/, "-…")
    .replace(/-[a-z0-9]{12}$/, "-…");
}
