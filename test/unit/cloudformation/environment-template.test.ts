import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { stringify } from "yaml";
import { openWorkspace } from "../../../src/actions/open-workspace.ts";
import { packageEnvironment } from "../../../src/actions/package-environment.ts";
import { packageRoot } from "../../../src/actions/package-root.ts";
import type { StackFacts } from "../../../src/cloudformation/facts.ts";
import { environmentTemplate } from "../../../src/cloudformation/environment/environment-template.ts";
import type { Template } from "../../../src/cloudformation/template.ts";
import { loadEnvironmentManifest } from "../../../src/manifest/load-environment.ts";
import { planEnvironment } from "../../../src/plan/environment-plan.ts";
import { folderWith } from "../../support/files.ts";
import { judged } from "../../support/template-check/judged.ts";

const facts: StackFacts = {
  account: "111122223333",
  region: "eu-west-1",
  partition: "aws",
  artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:eu-west-1:111122223333:key/1" },
};

/** The template of the environment `test` of the application `shop` with these lines in its manifest. */
function templateOf(manifest: string, more: Partial<StackFacts> = {}): Template {
  const text = `name: test\ntype: Environment\n${manifest}\n`;
  const source = { file: "manifest.yml", text, folder: "test" };
  const loaded = loadEnvironmentManifest(source, { app: "shop", variables: {} });
  expect(loaded.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  if (!loaded.manifest) throw new Error("no manifest");
  const plan = planEnvironment({ manifest: loaded.manifest, app: "shop", env: "test" });
  return judged(environmentTemplate({ plan, facts: { ...facts, ...more }, manifest: text }));
}

/** The environment `test` of the application `shop`, with these lines in its manifest and these services beside it. */
async function packaged(manifest = "", more: Partial<StackFacts> = {}, services: Record<string, string> = {}) {
  const files = Object.entries(services).map(([name, text]) => [
    `copilot/${name}/manifest.yml`,
    `name: ${name}\nimage: { location: public.ecr.aws/a/b${/Worker|Job/.test(text) ? "" : ", port: 80"} }\n${text}\n`,
  ]);
  const root = await folderWith({
    "copilot/.workspace": "application: shop\n",
    "copilot/environments/test/manifest.yml": `name: test\ntype: Environment\n${manifest}\n`,
    ...Object.fromEntries(files),
  });
  const workspace = await openWorkspace(root);
  const { stack, diagnostics } = await packageEnvironment({
    workspace,
    env: "test",
    facts: { ...facts, ...more },
    variables: {},
  });
  const said = diagnostics.map(
    ({ file, line, column, severity, message, code, hint }) =>
      `${file}:${line}:${column} ${severity} ${message} (${code})${hint === undefined ? "" : `\n    ${hint}`}`,
  );
  return { ...stack, said };
}

function properties({ Resources: resources }: Template, ...ids: string[]): string {
  return `\n${stringify(Object.fromEntries(ids.map((id) => [id, resources[id]?.Properties])), {
    aliasDuplicateObjects: false,
    lineWidth: 120,
  })}`;
}

/** What one template has and the other has not: resources, parameters, conditions and outputs. */
function difference(one: Template, other: Template): Record<string, string[]> {
  const sections = ["Parameters", "Conditions", "Resources", "Outputs"] as const;
  const added = (a: Template, b: Template) =>
    sections.flatMap((name) => Object.keys(b[name] ?? {}).filter((id) => !Object.hasOwn(a[name] ?? {}, id)));
  return { less: added(other, one), more: added(one, other) };
}

const certificate = "arn:aws:acm:eu-west-1:111122223333:certificate/1";
const cdnCertificate = "arn:aws:acm:us-east-1:111122223333:certificate/2";

describe("what a manifest adds to the stack, and takes from it", () => {
  test.for<[what: string, manifest: string, facts?: Partial<StackFacts>]>([
    ["a CDN without a domain", "cdn: true"],
    ["a CDN of an application with a domain", "cdn: true", { domain: "example.com" }],
    ["a CDN with a certificate of its own", `cdn: { certificate: "${cdnCertificate}", terminate_tls: true }`],
    [
      "static files",
      `cdn: { certificate: "${cdnCertificate}", terminate_tls: true, static_assets: { alias: a, location: b, path: c } }`,
    ],
    ["access logs", "http: { public: { access_logs: true } }"],
    ["access logs in a bucket that exists", "http: { public: { access_logs: { bucket_name: mine } } }"],
    ["flow logs", "network: { vpc: { flow_logs: true } }"],
    ["no flow logs", "network: { vpc: { flow_logs: false } }"],
    [
      "certificates",
      `http: { public: { certificates: ["${certificate}", "${certificate}2", "${certificate}3"] }, private: { certificates: ["${certificate}", "${certificate}2"] } }`,
    ],
    ["no certificates", "http: { public: { certificates: [] }, private: { certificates: [] } }"],
    ["an internal load balancer for all", "http: { private: { ingress: { from_vpc: true } } }"],
    ["CloudFront's addresses", "cdn: true\nhttp: { public: { ingress: { cdn: true } } }"],
    [
      "a network that exists, with public subnets alone",
      "network: { vpc: { id: vpc-1, subnets: { public: [{ id: subnet-1 }, { id: subnet-2 }] } } }",
    ],
    [
      "a network of one's own, with three zones",
      "network: { vpc: { cidr: 10.1.0.0/16, subnets: { public: [{ cidr: 10.1.0.0/24 }, { cidr: 10.1.1.0/24 }, { cidr: 10.1.2.0/24 }], private: [{ cidr: 10.1.3.0/24 }, { cidr: 10.1.4.0/24 }, { cidr: 10.1.5.0/24 }] } } }",
    ],
  ])("%s", ([, manifest, more = {}]) => {
    expect(difference(templateOf("", more), templateOf(manifest, more))).toMatchSnapshot();
  });

  test("subnets by availability zone, public and private ones in pairs", () => {
    const template = templateOf(`
network:
  vpc:
    cidr: 10.1.0.0/16
    subnets:
      public: [{ cidr: 10.1.0.0/24, az: eu-west-1b }, { cidr: 10.1.1.0/24, az: eu-west-1a }]
      private: [{ cidr: 10.1.2.0/24, az: eu-west-1a }, { cidr: 10.1.3.0/24, az: eu-west-1b }]`);
    const zones = ["PublicSubnet1", "PublicSubnet2", "PrivateSubnet1", "PrivateSubnet2"].map((id) => {
      const { CidrBlock, AvailabilityZone } = template.Resources[id]?.Properties ?? {};
      return `${id} ${String(CidrBlock)} ${String(AvailabilityZone)}`;
    });
    expect(zones).toMatchInlineSnapshot(`
      [
        "PublicSubnet1 10.1.1.0/24 eu-west-1a",
        "PublicSubnet2 10.1.0.0/24 eu-west-1b",
        "PrivateSubnet1 10.1.2.0/24 eu-west-1a",
        "PrivateSubnet2 10.1.3.0/24 eu-west-1b",
      ]
    `);
  });

  test("who may reach the load balancer: CloudFront and ranges of addresses, one after the other", async () => {
    const ingress =
      "cdn: true\nhttp: { public: { ingress: { cdn: true, source_ips: [192.0.2.0/24, 198.51.100.7/32] } } }";
    const { template, parameters } = await packaged(ingress, { cloudFrontPrefixListId: "pl-1" });
    expect(parameters).not.toHaveProperty("CloudFrontPrefixListId");
    expect(template.Outputs?.["PublicALBAccessible"]?.Value).toBe(false);
    expect(properties(template, "PublicHTTPSLoadBalancerSecurityGroup")).toMatchInlineSnapshot(`
      "
      PublicHTTPSLoadBalancerSecurityGroup:
        GroupDescription: HTTPS access to the public facing load balancer
        SecurityGroupIngress:
          - SourcePrefixListId: pl-1
            Description: Allow ingress from prefix list pl-1 on port 443
            FromPort: 443
            IpProtocol: tcp
            ToPort: 443
          - CidrIp: 192.0.2.0/24
            Description: Allow ingress from source IP 192.0.2.0/24 on port 443
            FromPort: 443
            IpProtocol: tcp
            ToPort: 443
          - CidrIp: 198.51.100.7/32
            Description: Allow ingress from source IP 198.51.100.7/32 on port 443
            FromPort: 443
            IpProtocol: tcp
            ToPort: 443
        VpcId:
          Ref: VPC
        Tags:
          - Key: Name
            Value:
              Fn::Sub: copilot-\${AppName}-\${EnvironmentName}-lb-https
      "
    `);
  });

  test("a CDN answers to the names of the workloads with the domain's certificate", () => {
    const template = templateOf("cdn: true", { domain: "example.com" });
    expect(template.Conditions["HasCDNAliases"]).toMatchInlineSnapshot(`
      {
        "Fn::Not": [
          {
            "Fn::Equals": [
              {
                "Fn::Join": [
                  ",",
                  {
                    "Ref": "CDNAliases",
                  },
                ],
              },
              "",
            ],
          },
        ],
      }
    `);
    expect(properties(template, "CloudFrontDistribution")).toMatchInlineSnapshot(`
      "
      CloudFrontDistribution:
        DistributionConfig:
          Aliases:
            Fn::If:
              - HasCDNAliases
              - Ref: CDNAliases
              - Ref: AWS::NoValue
          DefaultCacheBehavior:
            AllowedMethods:
              - GET
              - HEAD
              - OPTIONS
              - PUT
              - PATCH
              - POST
              - DELETE
            CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
            TargetOriginId:
              Fn::Sub: copilot-\${AppName}-\${EnvironmentName}-origin
            OriginRequestPolicyId: 216adef6-5c7f-47e4-b989-5492eafa07d3
            ViewerProtocolPolicy: allow-all
          Enabled: true
          IPV6Enabled: true
          Origins:
            - Id:
                Fn::Sub: copilot-\${AppName}-\${EnvironmentName}-origin
              DomainName:
                Fn::GetAtt:
                  - PublicLoadBalancer
                  - DNSName
              CustomOriginConfig:
                OriginProtocolPolicy: match-viewer
          ViewerCertificate:
            Fn::If:
              - DelegateDNS
              - AcmCertificateArn:
                  Ref: CDNCertificateARN
                MinimumProtocolVersion: TLSv1
                SslSupportMethod: sni-only
              - Ref: AWS::NoValue
      "
    `);
  });

  test("access logs without a prefix", () => {
    const template = templateOf("http: { public: { access_logs: true } }");
    expect(template.Resources["PublicLoadBalancer"]?.DependsOn).toBe("ELBAccessLogsBucketPolicy");
    expect(properties(template, "PublicLoadBalancer", "ELBAccessLogsBucketPolicy")).toMatchInlineSnapshot(`
      "
      PublicLoadBalancer:
        LoadBalancerAttributes:
          - Key: access_logs.s3.enabled
            Value: true
          - Key: access_logs.s3.bucket
            Value:
              Ref: ELBAccessLogsBucket
        Scheme: internet-facing
        SecurityGroups:
          - Fn::GetAtt:
              - PublicHTTPLoadBalancerSecurityGroup
              - GroupId
          - Fn::If:
              - ExportHTTPSListener
              - Fn::GetAtt:
                  - PublicHTTPSLoadBalancerSecurityGroup
                  - GroupId
              - Ref: AWS::NoValue
        Subnets:
          - Ref: PublicSubnet1
          - Ref: PublicSubnet2
        Type: application
      ELBAccessLogsBucketPolicy:
        Bucket:
          Ref: ELBAccessLogsBucket
        PolicyDocument:
          Version: 2012-10-17
          Statement:
            - Action:
                - s3:PutObject
              Effect: Allow
              Resource:
                - Fn::Join:
                    - ""
                    - - "arn:"
                      - Ref: AWS::Partition
                      - ":s3:::"
                      - Ref: ELBAccessLogsBucket
                      - /AWSLogs/
                      - Ref: AWS::AccountId
                      - /*
              Principal:
                AWS:
                  Fn::Join:
                    - ""
                    - - Fn::Sub: "arn:\${AWS::Partition}:iam::"
                      - Fn::FindInMap:
                          - RegionalConfigs
                          - Ref: AWS::Region
                          - ElbAccountId
                      - :root
      "
    `);
  });

  test("access logs in a region where no account of AWS writes them", () => {
    const principal = (region: string) => {
      const template = templateOf("http: { public: { access_logs: true } }", { region });
      const { PolicyDocument: policy } = template.Resources["ELBAccessLogsBucketPolicy"]?.Properties ?? {};
      return (policy as { Statement: { Principal: object }[] }).Statement[0]?.Principal;
    };
    expect(Object.keys(principal("eu-west-1") ?? {})).toEqual(["AWS"]);
    expect(principal("me-central-1")).toEqual({ Service: "logdelivery.elasticloadbalancing.amazonaws.com" });
  });

  test("an internal load balancer in chosen subnets, each once", () => {
    const template = templateOf(`
network: { vpc: { id: vpc-1, subnets: { private: [{ id: subnet-1 }, { id: subnet-2 }] } } }
http: { private: { subnets: [subnet-2, subnet-1, subnet-2] } }`);
    expect(template.Resources["InternalLoadBalancer"]?.Properties?.["Subnets"]).toEqual(["subnet-2", "subnet-1"]);
  });
});

const web = (http: string, more = "") => `type: Load Balanced Web Service\nhttp: ${http}\n${more}`;
const backend = (more: string) => `type: Backend Service\n${more}`;

describe("parameters", () => {
  test("say what the workloads need, in this environment", async () => {
    const { parameters, tags, said } = await packaged(
      "",
      { domain: "example.com" },
      {
        front: web(
          "{ path: /, alias: [www.example.com, example.com], additional_rules: [{ path: /x, alias: www.example.com }] }",
        ),
        chat: web("false", "nlb: { port: 80 }\nnetwork: { vpc: { placement: private } }"),
        own: web("{ path: /own, alb: mine, alias: own.example.com }"),
        api: backend("http: { path: / }\nstorage: { volumes: { a: { path: /a, efs: true } } }"),
        quiet: backend("storage: { volumes: { a: { path: /a, efs: { id: fs-1 } }, b: { path: /b, efs: false } } }"),
        here: backend("environments: { test: { network: { vpc: { placement: private } } } }"),
        worker: "type: Worker Service\nnetwork: { vpc: { placement: private } }",
        nightly:
          'type: Scheduled Job\non: { schedule: "@daily" }\nstorage: { volumes: { a: { path: /a, efs: true } } }',
        inside: "type: Request-Driven Web Service\nhttp: { private: true }",
        endpoint:
          "type: Request-Driven Web Service\nhttp: { private: { endpoint: vpce-1 } }\nnetwork: { vpc: { placement: private } }",
        elsewhere: backend("environments: { prod: { network: { vpc: { placement: private } } } }"),
      },
    );
    expect(tags).toEqual({ "copilot-application": "shop", "copilot-environment": "test" });
    expect(parameters).toMatchInlineSnapshot(`
      {
        "ALBWorkloads": "front",
        "Aliases": "{"front":["www.example.com","example.com"]}",
        "AppDNSDelegationRole": "arn:aws:iam::111122223333:role/shop-DNSDelegationRole",
        "AppDNSName": "example.com",
        "AppName": "shop",
        "AppRunnerPrivateWorkloads": "inside",
        "CreateHTTPSListener": "true",
        "CreateInternalHTTPSListener": "false",
        "EFSWorkloads": "api,nightly",
        "EnvironmentName": "test",
        "HTTPSCertificateARN": "",
        "InternalALBWorkloads": "api",
        "NATWorkloads": "chat,endpoint,here,worker",
        "ServiceDiscoveryEndpoint": "test.shop.local",
        "ToolsAccountPrincipalARN": "arn:aws:iam::111122223333:root",
      }
    `);
    expect(said).toMatchInlineSnapshot(`
      [
        "copilot/environments/test/manifest.yml:1:1 warning the certificate for test.shop.example.com is not known, and the HTTPS listener needs it (environment/unknown-value)
          a deployment to AWS requests it; for a template alone, give its ARN in the facts: "certificates": { "loadBalancer": "arn:aws:acm:…" }",
      ]
    `);
  });

  test("a workload that is deployed keeps what it needs when it leaves the workspace, and when it becomes another", async () => {
    const before: Record<string, string> = {
      front: web("{ path: /, alias: [www.example.com, shop.example.com] }", "network: { vpc: { placement: private } }"),
      api: backend("http: { path: / }\nstorage: { volumes: { a: { path: /a, efs: true } } }"),
      inside: "type: Request-Driven Web Service\nhttp: { private: true }",
    };
    const first = await packaged("", { domain: "example.com" }, before);
    const environmentParameters = first.parameters;
    const needed = ({ parameters }: typeof first) =>
      Object.fromEntries(Object.entries(parameters).filter(([name]) => /Workloads$|^Aliases$/.test(name)));

    const emptied = await packaged("", { domain: "example.com", environmentParameters });
    expect(needed(emptied)).toEqual(needed(first));

    const changed = await packaged(
      "",
      { domain: "example.com", environmentParameters },
      {
        front: backend("http: { path: / }"),
        api: web("{ path: /, alias: api.example.com }"),
        inside: "type: Worker Service\nnetwork: { vpc: { placement: private } }",
      },
    );
    expect(needed(changed)).toMatchInlineSnapshot(`
      {
        "ALBWorkloads": "front,api",
        "Aliases": "{"api":["api.example.com"],"front":["www.example.com","shop.example.com"]}",
        "AppRunnerPrivateWorkloads": "inside",
        "EFSWorkloads": "api",
        "InternalALBWorkloads": "api,front",
        "NATWorkloads": "front,inside",
      }
    `);

    const renamed = await packaged(
      "",
      { domain: "example.com", environmentParameters },
      { front: web("{ path: /, alias: [shop.example.com, new.example.com] }") },
    );
    expect(renamed.parameters["Aliases"]).toMatchInlineSnapshot(
      `"{"front":["www.example.com","shop.example.com","new.example.com"]}"`,
    );
  });

  test("the namespace of a stack from before it could be chosen keeps its name", async () => {
    const deployed = { AppName: "shop", EnvironmentName: "test", ALBWorkloads: "" };
    const { parameters } = await packaged("", { environmentParameters: deployed });
    expect(parameters["ServiceDiscoveryEndpoint"]).toBe("shop.local");
  });

  test("an environment in another account is looked after from the application's", async () => {
    const { parameters, tags } = await packaged("", {
      applicationAccount: "999900001111",
      domain: "example.com",
      tags: { team: "web", "copilot-application": "not-this" },
    });
    expect(parameters).toMatchObject({
      ToolsAccountPrincipalARN: "arn:aws:iam::999900001111:root",
      AppDNSDelegationRole: "arn:aws:iam::999900001111:role/shop-DNSDelegationRole",
    });
    expect(tags).toEqual({ team: "web", "copilot-application": "shop", "copilot-environment": "test" });
  });

  test("keep every name that is deployed, and what only the running stack knows", async () => {
    const environmentParameters = {
      ALBWorkloads: "gone,front",
      EFSWorkloads: "gone",
      Aliases: '{"gone":["old.example.com"],"front":["was.example.com"]}',
      ServiceDiscoveryEndpoint: "shop.local",
      ToolsAccountPrincipalARN: "arn:aws:iam::999900001111:root",
      HTTPSCertificateARN: certificate,
      LeftOver: "x",
    };
    const { parameters, said } = await packaged(
      "cdn: true",
      {
        domain: "example.com",
        environmentParameters,
        certificates: { cdn: cdnCertificate },
      },
      { front: web("{ path: /, alias: www.example.com }"), back: web("{ path: /back }") },
    );
    expect(parameters).toMatchInlineSnapshot(`
      {
        "ALBWorkloads": "gone,front,back",
        "Aliases": "{"front":["was.example.com","www.example.com"],"gone":["old.example.com"]}",
        "AppDNSDelegationRole": "arn:aws:iam::111122223333:role/shop-DNSDelegationRole",
        "AppDNSName": "example.com",
        "AppName": "shop",
        "AppRunnerPrivateWorkloads": "",
        "CDNAliases": "old.example.com,was.example.com,www.example.com",
        "CDNCertificateARN": "arn:aws:acm:us-east-1:111122223333:certificate/2",
        "CreateHTTPSListener": "true",
        "CreateInternalHTTPSListener": "false",
        "EFSWorkloads": "gone",
        "EnvironmentName": "test",
        "HTTPSCertificateARN": "arn:aws:acm:eu-west-1:111122223333:certificate/1",
        "InternalALBWorkloads": "",
        "NATWorkloads": "",
        "ServiceDiscoveryEndpoint": "shop.local",
        "ToolsAccountPrincipalARN": "arn:aws:iam::999900001111:root",
      }
    `);
    expect(said).toEqual([]);
  });

  test("a value that is needed and not known is named where it is asked for", async () => {
    const manifest = "cdn:\n  terminate_tls: true\nhttp:\n  public:\n    ingress:\n      cdn: true";
    const { said } = await packaged(manifest, { domain: "example.com" }, { front: web("{ path: / }") });
    expect(said).toMatchInlineSnapshot(`
      [
        "copilot/environments/test/manifest.yml:6:3 warning the certificate for test.shop.example.com is not known, and the HTTPS listener needs it (environment/unknown-value)
          a deployment to AWS requests it; for a template alone, give its ARN in the facts: "certificates": { "loadBalancer": "arn:aws:acm:…" }",
        "copilot/environments/test/manifest.yml:3:1 warning the certificate for test.shop.example.com in us-east-1 is not known, and CloudFront needs it (environment/unknown-value)
          a deployment to AWS requests it; for a template alone, give its ARN in the facts: "certificates": { "cdn": "arn:aws:acm:us-east-1:…" }",
        "copilot/environments/test/manifest.yml:8:12 warning the list of CloudFront's addresses in eu-west-1 is not known (environment/unknown-value)
          give its id in the facts: "cloudFrontPrefixListId": "pl-…"",
      ]
    `);
  });

  test("a workload that cannot be read is named, and nothing is said of what it needs", async () => {
    const { parameters, said } = await packaged(
      "",
      {},
      { front: web("{ path: / }"), broken: web("{ path: 1 2 }", "cpu: x") },
    );
    expect(parameters["ALBWorkloads"]).toBe("front");
    expect(said).toMatchInlineSnapshot(`
      [
        "copilot/broken/manifest.yml:4:15 warning what broken needs of the environment is not known: \`http.path\` must be a path, and \`1 2\` has a blank in it (environment/unknown-needs)
          what it needs already, it keeps; mend its manifest before the environment is deployed for it",
      ]
    `);
  });
});

test("a manifest with errors is refused", async () => {
  await expect(packaged("cdn: maybe")).rejects.toMatchObject({ code: "manifest/invalid" });
});

const root = packageRoot(import.meta.url);
const app = join(root, "../shared/copilot-app");
const parity = join(root, "../shared/tools/parity.mjs");
const isHere = existsSync(parity) && existsSync(app);
if (!isHere) process.stderr.write("skipped: an application that Copilot deployed is not at ../shared/copilot-app\n");

interface DeployedApplication {
  stacks: {
    name: string;
    template: string;
    parameters: Record<string, string>;
    outputs: Record<string, string>;
    resources: Record<string, { id: string }>;
  }[];
}

describe.skipIf(!isHere)("beside an environment that Copilot deployed", () => {
  test.for(["test", "prod"])("the stack of %s is the same but for custom resources", async (env) => {
    const deployed = JSON.parse(readFileSync(join(app, "deployed/app.json"), "utf8")) as DeployedApplication;
    const named = (name: string) => deployed.stacks.find((stack) => stack.name === name);
    const stack = named(`shop-${env}`);
    const { KMSKeyARN = "", PipelineBucket = "" } = named("StackSet-shop-infrastructure")?.outputs ?? {};
    const { stack: ours } = await packageEnvironment({
      workspace: await openWorkspace(join(app, "workspace")),
      env,
      facts: {
        account: "123456789012",
        region: "us-west-2",
        partition: "aws",
        artifacts: { bucket: PipelineBucket, kmsKeyArn: KMSKeyARN },
        domain: "example.com",
        environmentParameters: stack?.parameters ?? {},
        certificates: { loadBalancer: stack?.resources["HTTPSCert"]?.id ?? "" },
      },
      variables: {},
    });
    const folder = mkdtempSync(join(tmpdir(), "pf-deployed-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const write = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const files = [
      join(app, "deployed", stack?.template ?? ""),
      write("theirs.json", JSON.stringify({ Parameters: stack?.parameters })),
      write("ours.yml", ours.text),
      write("ours.json", JSON.stringify({ Parameters: ours.parameters })),
    ];
    const report = execFileSync(process.execPath, [realpathSync(parity), ...files, "--list"], {
      cwd: root,
      encoding: "utf8",
    });
    expect(report.replaceAll(`shop-${env}`, "shop-ENV")).toMatchSnapshot();
    const changed = Object.entries(ours.parameters).filter(([name, value]) => stack?.parameters[name] !== value);
    // Copilot's stack in the emulator has not kept the alias, which its own function would have.
    expect(Object.fromEntries(changed)).toEqual({
      Aliases: '{"front":["www.example.com"]}',
      HTTPSCertificateARN: expect.stringMatching(/^arn:aws:acm:us-west-2:/),
    });
  });
});
