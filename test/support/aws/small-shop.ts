import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackResourcesCommand,
} from "@aws-sdk/client-cloudformation";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { AwsEmulator } from "./emulator.ts";

const region = "us-west-2";

/** The application `shop` with the environment `test`, whose stacks hold what reading a workload needs and no more, under
 *  the names that deploys give: logical IDs, tags, outputs, records.
 *  @returns physical ids by the logical IDs of both stacks */
export async function smallShop(aws: AwsEmulator): Promise<Record<string, string>> {
  await records(aws);
  await aws.hurried(async () => {
    await createStack(aws, "shop-test", environment, { "copilot-environment": "test" });
    await createStack(aws, "shop-test-api", service, { "copilot-environment": "test", "copilot-service": "api" });
  });
  return { ...(await physicalIds(aws, "shop-test")), ...(await physicalIds(aws, "shop-test-api")) };
}

async function physicalIds(aws: AwsEmulator, stack: string): Promise<Record<string, string>> {
  const command = new DescribeStackResourcesCommand({ StackName: stack });
  const { StackResources = [] } = await aws.client(CloudFormationClient).send(command);
  return Object.fromEntries(
    StackResources.map(({ LogicalResourceId = "", PhysicalResourceId = "" }) => [
      LogicalResourceId,
      PhysicalResourceId,
    ]),
  );
}

async function records(aws: AwsEmulator): Promise<void> {
  const ssm = aws.client(SSMClient);
  const role = (name: string) => `arn:aws:iam::123456789012:role/shop-test-${name}`;
  const written = {
    "": { name: "shop", account: "123456789012", version: "1.0" },
    "/environments/test": {
      app: "shop",
      name: "test",
      region,
      accountID: "123456789012",
      executionRoleARN: role("CFNExecutionRole"),
      managerRoleARN: role("EnvManagerRole"),
    },
    "/components/api": { app: "shop", name: "api", type: "Load Balanced Web Service" },
  };
  for (const [path, record] of Object.entries(written))
    await ssm.send(
      new PutParameterCommand({
        Name: `/copilot/applications/shop${path}`,
        Type: "String",
        Value: JSON.stringify(record),
      }),
    );
}

/** A stack of the application, with the tags that belong to what it holds. */
export async function createStack(
  aws: AwsEmulator,
  name: string,
  template: object,
  tags: Record<string, string>,
): Promise<void> {
  await aws.client(CloudFormationClient).send(
    new CreateStackCommand({
      StackName: name,
      TemplateBody: JSON.stringify(template),
      Tags: Object.entries({ "copilot-application": "shop", ...tags }).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
}

const ref = (Ref: string) => ({ Ref });
const imported = (name: string) => ({ "Fn::ImportValue": `shop-test-${name}` });
const exported = (name: string, Value: unknown) => ({ Value, Export: { Name: `shop-test-${name}` } });

const environment = {
  Resources: {
    VPC: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: "10.0.0.0/16" } },
    PublicSubnet1: {
      Type: "AWS::EC2::Subnet",
      Properties: { VpcId: ref("VPC"), CidrBlock: "10.0.0.0/24", AvailabilityZone: `${region}a` },
    },
    PublicSubnet2: {
      Type: "AWS::EC2::Subnet",
      Properties: { VpcId: ref("VPC"), CidrBlock: "10.0.1.0/24", AvailabilityZone: `${region}b` },
    },
    Cluster: { Type: "AWS::ECS::Cluster", Properties: { ClusterName: "shop-test-Cluster-1A2B" } },
    PublicLoadBalancer: {
      Type: "AWS::ElasticLoadBalancingV2::LoadBalancer",
      Properties: {
        Name: "shop-test-Publi",
        Scheme: "internet-facing",
        Subnets: [ref("PublicSubnet1"), ref("PublicSubnet2")],
      },
    },
    DefaultHTTPTargetGroup: {
      Type: "AWS::ElasticLoadBalancingV2::TargetGroup",
      Properties: { Name: "shop-test-Defau", Port: 80, Protocol: "HTTP", TargetType: "ip", VpcId: ref("VPC") },
    },
    HTTPListener: {
      Type: "AWS::ElasticLoadBalancingV2::Listener",
      Properties: {
        LoadBalancerArn: ref("PublicLoadBalancer"),
        Port: 80,
        Protocol: "HTTP",
        DefaultActions: [{ Type: "forward", TargetGroupArn: ref("DefaultHTTPTargetGroup") }],
      },
    },
  },
  Outputs: {
    VpcId: exported("VpcId", ref("VPC")),
    ClusterId: exported("ClusterId", ref("Cluster")),
    PublicSubnet: exported("PublicSubnet", ref("PublicSubnet1")),
    HTTPListenerArn: exported("HTTPListenerArn", ref("HTTPListener")),
  },
};

const manifest = `name: api
type: Load Balanced Web Service
http:
  path: orders
image:
  location: public.ecr.aws/shop/api:1
  port: 8080
`;

const service = {
  Metadata: { Manifest: manifest },
  Resources: {
    LogGroup: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: "/copilot/shop-test-api" } },
    TaskDefinition: {
      Type: "AWS::ECS::TaskDefinition",
      Properties: {
        Family: "shop-test-api",
        Cpu: "256",
        Memory: "512",
        NetworkMode: "awsvpc",
        RequiresCompatibilities: ["FARGATE"],
        ContainerDefinitions: [
          {
            Name: "api",
            Image: "public.ecr.aws/shop/api:1",
            Essential: true,
            Memory: 256,
            PortMappings: [{ ContainerPort: 8080 }],
            Environment: [{ Name: "COPILOT_SERVICE_DISCOVERY_ENDPOINT", Value: "test.shop.local" }],
            LogConfiguration: {
              LogDriver: "awslogs",
              Options: {
                "awslogs-group": ref("LogGroup"),
                "awslogs-region": region,
                "awslogs-stream-prefix": "copilot",
              },
            },
            Secrets: [{ Name: "KEY", ValueFrom: "/copilot/shop/test/secrets/KEY" }],
          },
          { Name: "nginx", Image: "public.ecr.aws/nginx/nginx:1", Essential: false, Memory: 256 },
        ],
      },
    },
    TargetGroup: {
      Type: "AWS::ElasticLoadBalancingV2::TargetGroup",
      Properties: { Name: "shop-test-api", Port: 8080, Protocol: "HTTP", TargetType: "ip", VpcId: imported("VpcId") },
    },
    HTTPListenerRule: {
      Type: "AWS::ElasticLoadBalancingV2::ListenerRule",
      Properties: {
        ListenerArn: imported("HTTPListenerArn"),
        Priority: 1,
        Conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: ["/orders", "/orders/*"] } }],
        Actions: [{ Type: "forward", TargetGroupArn: ref("TargetGroup") }],
      },
    },
    Service: {
      Type: "AWS::ECS::Service",
      DependsOn: ["HTTPListenerRule"],
      Properties: {
        ServiceName: "shop-test-api-Service-3C4D",
        Cluster: imported("ClusterId"),
        TaskDefinition: ref("TaskDefinition"),
        DesiredCount: 2,
        LaunchType: "FARGATE",
        LoadBalancers: [{ ContainerName: "api", ContainerPort: 8080, TargetGroupArn: ref("TargetGroup") }],
        NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [imported("PublicSubnet")] } },
      },
    },
  },
};
