import { ACMClient, DescribeCertificateCommand, RequestCertificateCommand } from "@aws-sdk/client-acm";
import {
  CloudFormationClient,
  DescribeStacksCommand,
  DescribeStackResourcesCommand,
} from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient, DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  AssociateRouteTableCommand,
  DeleteRouteCommand,
  DescribeRouteTablesCommand,
  EC2Client,
  ReplaceRouteTableAssociationCommand,
} from "@aws-sdk/client-ec2";
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from "@aws-sdk/client-ecr";
import {
  AddListenerCertificatesCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { IAMClient, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { openWorkspace } from "../../../src/actions/open-workspace.ts";
import { type Verification, verifyWorkload } from "../../../src/actions/verify-workload.ts";
import { paint } from "../../../src/cli/render/paint.ts";
import { renderVerification } from "../../../src/cli/render/verification.ts";
import { createAwsAccount } from "../../../src/providers/aws/aws-account.ts";
import { explained } from "../../../src/providers/aws/explained.ts";
import { openSession } from "../../../src/providers/aws/open-session.ts";
import { impatientTiming } from "../../support/aws/impatient-timing.ts";
import { loadCopilotApp, missingCopilotApp } from "../../support/aws/copilot-app.ts";
import { describeWithAws } from "../../support/aws/describe-with-aws.ts";
import type { AwsEmulator } from "../../support/aws/emulator.ts";
import type { Layer } from "../../support/aws/front.ts";
import { folderWith } from "../../support/files.ts";
import { waitFor } from "../../support/wait-for.ts";

const value = "hunter2-which-nobody-may-see";
const registry = "123456789012.dkr.ecr.us-west-2.amazonaws.com";

/** A version of the service that Copilot deployed, which leans on more. */
const manifest = `name: front
type: Load Balanced Web Service
http: { path: /, alias: www.example.com }
image: { location: ${registry}/tools/front:1, port: 8080 }
env_file: front.env
count: 2
cpu: 256
memory: 512
secrets:
  TOKEN: /copilot/shop/test/secrets/token
  DB: { secretsmanager: "db:password::" }
sidecars:
  proxy: { image: registry.example.com/proxy:2, port: 9000 }
`;

describeWithAws(
  "verify",
  (aws) => {
    beforeAll(async () => {
      await aws.reset();
      await loadCopilotApp(aws);
      await connectSubnets(aws);
      await putImage(aws, "tools/front", "1", ["amd64", "arm64"]);
      await putImage(aws, "tools/front", "arm", ["arm64"]);
      await putSecrets(aws);
      await addCertificate(aws, "www.example.com");
      aws.install(fargateQuota);
    });
    beforeEach(() => {
      aws.calls.length = 0;
    });

    test("everything that a deploy leans on is looked at, in the order in which it is needed, and nothing is changed", async () => {
      const verification = await verify(aws, { "front.env": "A=1\n" }, manifest);
      expect(shown(verification)).toMatchInlineSnapshot(`
      "front of shop in test
      ├─ credentials
      │  └─ OK    arn:aws:sts::123456789012:user/moto: account 123456789012, region us-west-2
      ├─ application
      │  ├─ OK    shop: domain example.com
      │  ├─ OK    test: account 123456789012, region us-west-2
      │  ├─ OK    shop-infrastructure-roles: CREATE_COMPLETE
      │  ├─ OK    shop-test: CREATE_COMPLETE
      │  └─ OK    shop-test-front: CREATE_COMPLETE
      ├─ roles
      │  ├─ OK    arn:aws:iam::123456789012:role/shop-test-EnvManagerRole: can be taken on
      │  ├─ OK    shop-test-CFNExecutionRole: cloudformation.amazonaws.com may take it on
      │  ├─ OK    shop-test-front-ExecutionRole-ID: ecs-tasks.amazonaws.com may take it on
      │  └─ OK    shop-test-front-TaskRole-ID: ecs-tasks.amazonaws.com may take it on
      ├─ files
      │  └─ OK    front.env
      ├─ images
      │  ├─ OK    front 123456789012.dkr.ecr.us-west-2.amazonaws.com/tools/front:1: linux/amd64
      │  └─ SKIP  proxy registry.example.com/proxy:2: registry.example.com asks for a log-in
      ├─ secrets
      │  ├─ OK    front DB from arn:aws:secretsmanager:us-west-2:123456789012:secret:db:password::
      │  └─ OK    front TOKEN from /copilot/shop/test/secrets/token
      ├─ certificates
      │  ├─ OK    example.com: hosted zone ID
      │  └─ OK    www.example.com: arn:aws:acm:us-west-2:123456789012:certificate/ID
      ├─ targets
      │  └─ OK    main front:8080: HTTP
      ├─ logs
      │  └─ OK    /copilot/shop-test-front
      ├─ subnets
      │  ├─ OK    subnet-ID: out through its internet gateway
      │  └─ OK    subnet-ID: out through its internet gateway
      └─ quotas
         └─ OK    Fargate On-Demand vCPU resource count: 0 of 6 vCPUs are in use, and a deploy adds 0.5
      21 OK, 1 skipped, 0 failed"
    `);
      expect(verification.passed).toBe(true);
      const changing = aws.calls.filter(({ action }) => !/^(Describe|Get|List|BatchGet|AssumeRole$)/.test(action));
      expect(changing.map(({ name }) => name)).toEqual([]);
      expect(JSON.stringify(verification)).not.toContain(value);
    });

    test("tasks without a public address need a NAT gateway, or endpoints for all that they use", async () => {
      const closed = manifest.concat("network: { vpc: { placement: private } }\n");
      const subnets = async () => {
        const { groups } = await verify(aws, { "front.env": "A=1\n" }, closed);
        const checks = groups.find(({ name }) => name === "subnets")?.checks ?? [];
        return [...new Set(checks.map(({ status, message }) => `${status}: ${message}`))];
      };
      expect(await subnets()).toEqual(["ok: out through its NAT gateway"]);
      const ec2 = aws.client(EC2Client);
      const { VpcId = "", PublicSubnets = "", PrivateSubnets = "" } = await outputs(aws);
      const inVpc = [{ Name: "vpc-id", Values: [VpcId] }];
      const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({ Filters: inVpc }));
      const ofPublic = RouteTables.find(({ Associations = [] }) =>
        Associations.some(({ SubnetId = "" }) => SubnetId !== "" && PublicSubnets.includes(SubnetId)),
      );
      const associations = RouteTables.flatMap(({ Associations = [] }) => Associations).filter(
        ({ SubnetId = "" }) => SubnetId !== "" && PrivateSubnets.includes(SubnetId),
      );
      for (const { RouteTableAssociationId: AssociationId } of associations)
        await ec2.send(
          new ReplaceRouteTableAssociationCommand({ AssociationId, RouteTableId: ofPublic?.RouteTableId }),
        );
      let endpoints = ["ecr.api", "ecr.dkr", "logs", "s3"];
      aws.use((call, pass) => (call.name === "ec2:DescribeVpcEndpoints" ? endpointsAnswer(endpoints) : pass()));
      expect(await subnets()).toEqual([
        "fail: it leads to an internet gateway alone, and the tasks have no public address, and the VPC has no endpoint for secretsmanager, ssm",
      ]);
      endpoints = [...endpoints, "secretsmanager", "ssm"];
      expect(await subnets()).toEqual(["ok: out through endpoints of the VPC"]);
      endpoints = [];
    });

    test("each thing that would stop a deploy is told with what to type", async () => {
      const broken = manifest
        .replace("front:1", "front:arm")
        .replace("alias: www.example.com", "alias: www.example.org")
        .replace(
          "TOKEN: /copilot/shop/test/secrets/token",
          "TOKEN: /copilot/shop/test/secrets/none\n  UNTAGGED: /shop/untagged",
        )
        .replace("db:password::", "db:user::")
        .concat("  old: { image: registry.example.com/gone:1 }\n")
        .replace(
          "sidecars:",
          `  STAGE: { secretsmanager: "db::AWSPREVIOUS:" }\n  LOST: { from_cfn: shop-lost }\nsidecars:`,
        );
      await withoutWhatItNeeds(aws);
      const verification = await verify(aws, {}, broken);
      expect(shown(verification)).toMatchInlineSnapshot(`
      "front of shop in test
      ├─ credentials
      │  └─ OK    arn:aws:sts::123456789012:user/moto: account 123456789012, region us-west-2
      ├─ application
      │  ├─ OK    shop: domain example.com
      │  ├─ OK    test: account 123456789012, region us-west-2
      │  ├─ OK    shop-infrastructure-roles: CREATE_COMPLETE
      │  ├─ OK    shop-test: CREATE_COMPLETE
      │  └─ OK    shop-test-front: CREATE_COMPLETE
      ├─ roles
      │  ├─ OK    arn:aws:iam::123456789012:role/shop-test-EnvManagerRole: can be taken on
      │  ├─ OK    shop-test-CFNExecutionRole: cloudformation.amazonaws.com may take it on
      │  ├─ OK    shop-test-front-ExecutionRole-ID: ecs-tasks.amazonaws.com may take it on
      │  └─ FAIL  shop-test-front-TaskRole-ID: its trust policy does not let ecs-tasks.amazonaws.com take it on
      │           aws iam get-role --role-name shop-test-front-TaskRole-ID
      ├─ files
      │  └─ FAIL  copilot/front/manifest.yml:5:11: there is no environment file \`front.env\`
      │           paths in a manifest start at the folder that holds \`copilot\`
      ├─ images
      │  ├─ FAIL  front 123456789012.dkr.ecr.us-west-2.amazonaws.com/tools/front:arm: it is for linux/arm64, and the task runs on linux/amd64
      │  │        docker manifest inspect 123456789012.dkr.ecr.us-west-2.amazonaws.com/tools/front:arm
      │  ├─ FAIL  old registry.example.com/gone:1: registry.example.com holds no gone with 1
      │  │        docker manifest inspect registry.example.com/gone:1
      │  └─ SKIP  proxy registry.example.com/proxy:2: registry.example.com asks for a log-in
      ├─ secrets
      │  ├─ FAIL  front DB from arn:aws:secretsmanager:us-west-2:123456789012:secret:db:user::: what is in it has no key user
      │  │        aws secretsmanager put-secret-value --secret-id arn:aws:secretsmanager:us-west-2:123456789012:secret:db
      │  ├─ FAIL  front LOST from the export shop-lost: no stack exports it
      │  │        aws cloudformation list-exports --query 'Exports[].Name'
      │  ├─ FAIL  front STAGE from arn:aws:secretsmanager:us-west-2:123456789012:secret:db::AWSPREVIOUS:: no version of it has the stage AWSPREVIOUS
      │  │        aws secretsmanager list-secret-version-ids --secret-id arn:aws:secretsmanager:us-west-2:123456789012:secret:db
      │  ├─ FAIL  front TOKEN from /copilot/shop/test/secrets/none: there is no such parameter
      │  │        pilotfish secret init --name none
      │  └─ FAIL  front UNTAGGED from /shop/untagged: without the tag copilot-application=shop and copilot-environment=test the execution role may not read it
      │           aws ssm add-tags-to-resource --resource-type Parameter --resource-id /shop/untagged --tags Key=copilot-application,Value=shop Key=copilot-environment,Value=test
      ├─ certificates
      │  ├─ OK    example.com: hosted zone ID
      │  └─ FAIL  www.example.org: no certificate of the HTTPS listener covers it
      │           pilotfish env deploy --name test
      ├─ targets
      │  └─ OK    main front:8080: HTTP
      ├─ logs
      │  └─ FAIL  /copilot/shop-test-front: it was deployed and is not there any more
      │           aws logs create-log-group --log-group-name /copilot/shop-test-front
      ├─ subnets
      │  ├─ FAIL  subnet-ID: it has no route out, and the VPC has no endpoint for ecr.api, ecr.dkr, s3, logs, secretsmanager, ssm
      │  │        aws ec2 describe-route-tables --region us-west-2 --filters Name=vpc-id,Values=vpc-ID
      │  └─ FAIL  subnet-ID: it has no route out, and the VPC has no endpoint for ecr.api, ecr.dkr, s3, logs, secretsmanager, ssm
      │           aws ec2 describe-route-tables --region us-west-2 --filters Name=vpc-id,Values=vpc-ID
      └─ quotas
         └─ OK    Fargate On-Demand vCPU resource count: 0 of 6 vCPUs are in use, and a deploy adds 0.5
      12 OK, 1 skipped, 13 failed"
    `);
      expect(verification.passed).toBe(false);
      expect(JSON.stringify(verification)).not.toContain(value);
    });

    test("what may not be looked at is skipped, with the action to allow", async () => {
      aws.use(denied("ecr:BatchGetImage"));
      aws.use(denied("secretsmanager:DescribeSecret"));
      const withKey = manifest.replace("secrets:", "secrets:\n  KEY: /shop/own-key");
      const verification = await verify(aws, { "front.env": "A=1\n" }, withKey);
      const skipped = verification.groups.flatMap(({ checks }) => checks.filter(({ status }) => status === "skip"));
      expect(skipped.map(({ subject, message }) => `${subject}: ${message}`.replace(/[0-9a-f-]{36}/, "ID")))
        .toMatchInlineSnapshot(`
        [
          "front 123456789012.dkr.ecr.us-west-2.amazonaws.com/tools/front:1: arn:aws:iam::123456789012:user/ann may not do ecr:BatchGetImage on arn:aws:ecr:us-west-2:123456789012:x",
          "proxy registry.example.com/proxy:2: registry.example.com asks for a log-in",
          "front DB: arn:aws:iam::123456789012:user/ann may not do secretsmanager:DescribeSecret on arn:aws:secretsmanager:us-west-2:123456789012:x",
          "front KEY from /shop/own-key: its key ID is without the tag copilot-application=shop and copilot-environment=test: the key's own policy has to let the execution role use it",
        ]
      `);
    });

    test("without an application or an environment there is one thing to do first", async () => {
      const others = async (app: string, env: string) =>
        shown(await verify(aws, { "front.env": "" }, manifest, { app, env }));
      expect([await others("nothing", "test"), await others("shop", "staging")].join("\n\n")).toMatchInlineSnapshot(`
      "front of nothing in test
      ├─ credentials
      │  └─ OK    arn:aws:sts::123456789012:user/moto: account 123456789012, region us-west-2
      ├─ application
      │  └─ FAIL  nothing: there is no application nothing in this account and region
      │           pilotfish app init nothing
      └─ files
         └─ OK    front.env
      2 OK, 0 skipped, 1 failed

      front of shop in staging
      ├─ credentials
      │  └─ OK    arn:aws:sts::123456789012:user/moto: account 123456789012, region us-west-2
      ├─ application
      │  ├─ OK    shop
      │  └─ FAIL  staging: shop has no environment staging
      │           pilotfish env init --name staging
      └─ files
         └─ OK    front.env
      3 OK, 0 skipped, 1 failed"
    `);
    });
  },
  missingCopilotApp,
);

async function verify(
  aws: AwsEmulator,
  files: Record<string, string>,
  text: string,
  { app = "shop", env = "test" } = {},
): Promise<Verification> {
  const folder = await folderWith({
    "copilot/.workspace": `application: ${app}\n`,
    "copilot/front/manifest.yml": text,
    ...files,
  });
  const session = await openSession({ env: aws.env });
  try {
    return await verifyWorkload(
      { name: "front", env },
      {
        workspace: await openWorkspace(folder),
        backing: { on: "aws", account: async () => explained(createAwsAccount(session, impatientTiming())) },
        variables: {},
        platformsOf: async (image) =>
          image.includes("gone")
            ? { missing: "registry.example.com holds no gone with 1" }
            : { unknown: "registry.example.com asks for a log-in" },
      },
    );
  } finally {
    session.close();
  }
}

/** The tree, with what the emulator makes up taken out. */
function shown(verification: Verification): string {
  return renderVerification(verification, paint(false))
    .join("\n")
    .replace(/\b(subnet|vpc)-[0-9a-f]{17}/g, "$1-ID")
    .replace(/(Role)-[0-9A-Z]{12,13}\b/g, "$1-ID")
    .replace(/hosted zone \w+/g, "hosted zone ID")
    .replace(/certificate\/[0-9a-f-]{36}/g, "certificate/ID");
}

/** The emulator's CloudFormation makes no associations of route tables. */
async function connectSubnets(aws: AwsEmulator): Promise<void> {
  const ec2 = aws.client(EC2Client);
  for (const [output, isWanted] of [
    ["PublicSubnets", (route: { GatewayId?: string }) => route.GatewayId?.startsWith("igw-")],
    ["PrivateSubnets", (route: { NatGatewayId?: string }) => route.NatGatewayId !== undefined],
  ] as const) {
    const { VpcId = "", [output]: subnets = "" } = await outputs(aws);
    const inVpc = [{ Name: "vpc-id", Values: [VpcId] }];
    const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({ Filters: inVpc }));
    const table = RouteTables.find(({ Routes = [] }) => Routes.some((route) => isWanted(route)));
    for (const SubnetId of subnets.split(","))
      await ec2.send(new AssociateRouteTableCommand({ RouteTableId: table?.RouteTableId, SubnetId }));
  }
}

async function outputs(aws: AwsEmulator): Promise<Record<string, string>> {
  const { Stacks = [] } = await aws
    .client(CloudFormationClient)
    .send(new DescribeStacksCommand({ StackName: "shop-test" }));
  const all = Stacks[0]?.Outputs ?? [];
  return Object.fromEntries(all.map(({ OutputKey = "", OutputValue = "" }) => [OutputKey, OutputValue]));
}

async function putImage(aws: AwsEmulator, repositoryName: string, tag: string, architectures: string[]): Promise<void> {
  const ecr = aws.client(ECRClient);
  await ecr.send(new CreateRepositoryCommand({ repositoryName })).catch(() => undefined);
  const one = (architecture: string, index: number) => ({
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    digest: `sha256:${String(index).repeat(64)}`,
    size: 1,
    platform: { os: "linux", architecture },
  });
  const mediaType = "application/vnd.oci.image.index.v1+json";
  const imageManifest = JSON.stringify({ schemaVersion: 2, mediaType, manifests: architectures.map(one) });
  await ecr.send(
    new PutImageCommand({ repositoryName, imageTag: tag, imageManifest, imageManifestMediaType: mediaType }),
  );
}

const tags = [
  { Key: "copilot-application", Value: "shop" },
  { Key: "copilot-environment", Value: "test" },
];

async function putSecrets(aws: AwsEmulator): Promise<void> {
  const ssm = aws.client(SSMClient);
  const parameter = { Type: "SecureString", Value: value } as const;
  await ssm.send(new PutParameterCommand({ ...parameter, Name: "/copilot/shop/test/secrets/token", Tags: tags }));
  await ssm.send(new PutParameterCommand({ ...parameter, Name: "/shop/untagged" }));
  const { KeyMetadata: { KeyId } = {} } = await aws.client(KMSClient).send(new CreateKeyCommand({}));
  await ssm.send(new PutParameterCommand({ ...parameter, Name: "/shop/own-key", KeyId, Tags: tags }));
  const secret = { Name: "db", SecretString: JSON.stringify({ password: value }), Tags: tags };
  await aws.client(SecretsManagerClient).send(new CreateSecretCommand(secret));
}

async function addCertificate(aws: AwsEmulator, name: string): Promise<void> {
  const request = new RequestCertificateCommand({ DomainName: name, ValidationMethod: "DNS" });
  const acm = aws.client(ACMClient);
  const { CertificateArn } = await acm.send(request);
  await waitFor("the certificate is issued", async () => {
    const { Certificate } = await acm.send(new DescribeCertificateCommand({ CertificateArn }));
    return Certificate?.Status === "ISSUED";
  });
  const { HTTPSListenerArn: ListenerArn } = await outputs(aws);
  await aws
    .client(ElasticLoadBalancingV2Client)
    .send(new AddListenerCertificatesCommand({ ListenerArn, Certificates: [{ CertificateArn }] }));
}

async function withoutWhatItNeeds(aws: AwsEmulator): Promise<void> {
  const { StackResources = [] } = await aws
    .client(CloudFormationClient)
    .send(new DescribeStackResourcesCommand({ StackName: "shop-test-front" }));
  const role = StackResources.find(({ LogicalResourceId }) => LogicalResourceId === "TaskRole")?.PhysicalResourceId;
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
  };
  const PolicyDocument = JSON.stringify(trust);
  await aws.client(IAMClient).send(new UpdateAssumeRolePolicyCommand({ RoleName: role, PolicyDocument }));
  const logGroupName = "/copilot/shop-test-front";
  await aws.client(CloudWatchLogsClient).send(new DeleteLogGroupCommand({ logGroupName }));
  const ec2 = aws.client(EC2Client);
  const { VpcId = "" } = await outputs(aws);
  const open = [
    { Name: "vpc-id", Values: [VpcId] },
    { Name: "route.destination-cidr-block", Values: ["0.0.0.0/0"] },
  ];
  const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({ Filters: open }));
  for (const { RouteTableId } of RouteTables)
    await ec2.send(new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock: "0.0.0.0/0" }));
}

/** Source: Amazon EC2 API Reference, DescribeVpcEndpoints. */
async function endpointsAnswer(services: readonly string[]) {
  const items = services.map(
    (service) => `<item><serviceName>com.amazonaws.us-west-2.${service}</serviceName><state>available</state></item>`,
  );
  const body = `<DescribeVpcEndpointsResponse><vpcEndpointSet>${items.join("")}</vpcEndpointSet></DescribeVpcEndpointsResponse>`;
  return { status: 200, headers: { "content-type": "text/xml" }, body: Buffer.from(body) };
}

/** The emulator does not know Fargate's quotas. Source: Service Quotas API Reference, GetServiceQuota; CloudWatch API
 *  Reference, GetMetricStatistics. */
const fargateQuota: Layer = async (call, pass) => {
  if (call.name !== "servicequotas:GetServiceQuota") return pass();
  const { QuotaCode } = JSON.parse(call.request.body.toString()) as { QuotaCode: string };
  const Quota = { ServiceCode: "fargate", QuotaCode, Value: 6, UsageMetric: { MetricNamespace: "AWS/Usage" } };
  return json(200, { Quota });
};

/** Source: IAM User Guide, "Troubleshoot access denied error messages". */
function denied(action: string): Layer {
  return async (call, pass) => {
    if (call.name !== action) return pass();
    const message = `User: arn:aws:iam::123456789012:user/ann is not authorized to perform: ${action} on resource: arn:aws:${action.split(":")[0]}:us-west-2:123456789012:x because no identity-based policy allows the ${action} action`;
    return json(400, { __type: "AccessDeniedException", message });
  };
}

function json(status: number, body: unknown) {
  return { status, headers: { "content-type": "application/x-amz-json-1.1" }, body: Buffer.from(JSON.stringify(body)) };
}
