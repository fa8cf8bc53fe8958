import { describe, expect, test } from "vitest";
import { environmentTemplate } from "../../../src/cloudformation/environment/environment-template.ts";
import { planEnvironment } from "../../../src/plan/environment-plan.ts";
import { type Around, properties, someFacts, stackOf as render } from "../../support/stack-of.ts";
import { judged } from "../../support/template-check/judged.ts";

/** Templates of services and jobs in forms that the reference cases do not have. Sources: Copilot's templates as they
 *  are rendered, and its documentation of the manifests. */

const shared = {
  arn: "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shared/0123456789abcdef",
  name: "shared",
  dnsName: "shared-1.eu-west-1.elb.amazonaws.com",
  hostedZoneId: "Z32O12XQLNTSW2",
  securityGroups: ["sg-1", "sg-2"],
  listeners: [
    { arn: "listener/443", port: 443, protocol: "HTTPS" },
    { arn: "listener/80", port: 80, protocol: "HTTP" },
  ],
};

function stackOf(text: string, around: Around = {}) {
  const made = render(text, around);
  return { ...made, template: judged(made.template) };
}

describe("a target group", () => {
  const web = "type: Load Balanced Web Service\n";

  test("has what the manifest gives, also where Elastic Load Balancing would take the same", () => {
    const group = (http: string) =>
      properties(stackOf(`${web}http: { path: /, ${http} }`), /^TargetGroup$/)["TargetGroup"];
    const all = "success_codes: '200', healthy_threshold: 5, unhealthy_threshold: 2, interval: 30s, timeout: 5s";
    expect(group(`version: http1, healthcheck: { ${all} }`)).toMatchInlineSnapshot(`
      {
        "HealthCheckIntervalSeconds": 30,
        "HealthCheckPath": "/",
        "HealthCheckTimeoutSeconds": 5,
        "HealthyThresholdCount": 5,
        "Matcher": {
          "HttpCode": "200",
        },
        "Port": 8080,
        "Protocol": "HTTP",
        "ProtocolVersion": "HTTP1",
        "TargetGroupAttributes": [
          {
            "Key": "deregistration_delay.timeout_seconds",
            "Value": "60",
          },
          {
            "Key": "stickiness.enabled",
            "Value": "false",
          },
        ],
        "TargetType": "ip",
        "UnhealthyThresholdCount": 2,
        "VpcId": {
          "Fn::ImportValue": {
            "Fn::Sub": "\${AppName}-\${EnvName}-VpcId",
          },
        },
      }
    `);
    expect(group("version: gRPC")).toMatchObject({ ProtocolVersion: "GRPC", HealthCheckPath: "/" });
    expect(group("version: gRPC")).not.toHaveProperty("Matcher");
  });

  test("names the protocol of its check where port 443 is in play", () => {
    const check = (http: string, port: number) =>
      properties(
        stackOf(`${web}image: { location: "api:1", port: ${port} }\nhttp: { path: /, ${http} }`),
        /^TargetGroup$/,
      )["TargetGroup"]?.["HealthCheckProtocol"];
    expect(check("healthcheck: /", 8080)).toBeUndefined();
    expect(check("healthcheck: { port: 443 }", 8080)).toBe("HTTPS");
    expect(check("healthcheck: /", 443)).toBe("HTTPS");
    expect(check("healthcheck: { port: 80 }", 443)).toBe("HTTP");
  });
});

test("what the manifest turns off in words is off in words", () => {
  const web = "type: Load Balanced Web Service\nhttp: false\nstorage: { readonly_fs: false }\n";
  const stickiness = (nlb: string) =>
    properties(stackOf(web + nlb), /TargetGroup$/)["NetworkLoadBalancerTargetGroup"]?.["TargetGroupAttributes"];
  const delay = { Key: "deregistration_delay.timeout_seconds", Value: "60" };
  expect(stickiness("nlb: { port: 80, stickiness: false }")).toEqual([
    delay,
    { Key: "stickiness.enabled", Value: "false" },
  ]);
  expect(stickiness("nlb: { port: 80 }")).toEqual([delay]);
  expect(stickiness("nlb: { port: 443/tls, stickiness: false }")).toEqual([delay]);
  const { TaskDefinition } = properties(stackOf(`${web}nlb: { port: 80 }`), /^TaskDefinition$/);
  expect(TaskDefinition?.["ContainerDefinitions"]).toMatchObject([{ ReadonlyRootFilesystem: false }]);
});

describe("a load balancer that the service brings along", () => {
  const manifest = `
type: Load Balanced Web Service
http:
  path: /
  alb: shared
  alias: [{ name: example.com, hosted_zone: Z1 }]
  additional_rules: [{ path: x }]
count: { range: 1-3, requests: 10 }
`;
  const stack = stackOf(manifest, { https: true, facts: { loadBalancers: { [shared.arn]: shared } } });

  test("gets rules on its listeners, reaches the tasks and answers to the aliases", () => {
    expect(Object.keys(stack.template.Resources).join(" ")).toMatchInlineSnapshot(
      `"LogGroup TaskDefinition ExecutionRole TaskRole DiscoveryService AutoScalingRole AutoScalingTarget AutoScalingPolicyALBSumRequestCountPerTarget Service TargetGroupForImportedALB TargetGroupForImportedALB1 LoadBalancerDNSAliasZ1 HTTPSListenerRuleForImportedALB HTTPListenerRedirectRuleForImportedALB HTTPSListenerRuleForImportedALB1 HTTPListenerRedirectRuleForImportedALB1 EnvironmentSecurityGroupIngressFromImportedALB EnvironmentSecurityGroupIngressFromImportedALB1 AddonsStack"`,
    );
    expect(properties(stack, /IngressFromImportedALB1?$|DNSAlias|RedirectRuleForImportedALB1$/)).toMatchInlineSnapshot(`
      {
        "EnvironmentSecurityGroupIngressFromImportedALB": {
          "Description": "Ingress from the imported ALB",
          "GroupId": {
            "Fn::ImportValue": {
              "Fn::Sub": "\${AppName}-\${EnvName}-EnvironmentSecurityGroup",
            },
          },
          "IpProtocol": -1,
          "SourceSecurityGroupId": "sg-1",
        },
        "EnvironmentSecurityGroupIngressFromImportedALB1": {
          "Description": "Ingress from the imported ALB",
          "GroupId": {
            "Fn::ImportValue": {
              "Fn::Sub": "\${AppName}-\${EnvName}-EnvironmentSecurityGroup",
            },
          },
          "IpProtocol": -1,
          "SourceSecurityGroupId": "sg-2",
        },
        "HTTPListenerRedirectRuleForImportedALB1": {
          "Actions": [
            {
              "RedirectConfig": {
                "Host": "#{host}",
                "Path": "/#{path}",
                "Port": 443,
                "Protocol": "HTTPS",
                "Query": "#{query}",
                "StatusCode": "HTTP_301",
              },
              "Type": "redirect",
            },
          ],
          "Conditions": [
            {
              "Field": "path-pattern",
              "PathPatternConfig": {
                "Values": [
                  "/x",
                  "/x/*",
                ],
              },
            },
          ],
          "ListenerArn": "listener/80",
          "Priority": {
            "Ref": "HTTPRedirectRulePriority1",
          },
        },
        "LoadBalancerDNSAliasZ1": {
          "Comment": {
            "Fn::Sub": "LoadBalancer aliases for service \${WorkloadName} in hosted zone Z1",
          },
          "HostedZoneId": "Z1",
          "RecordSets": [
            {
              "AliasTarget": {
                "DNSName": "shared-1.eu-west-1.elb.amazonaws.com",
                "HostedZoneId": "Z32O12XQLNTSW2",
              },
              "Name": "example.com",
              "Type": "A",
            },
          ],
        },
      }
    `);
    expect(stack.parameters).toMatchObject({ HTTPSEnabled: "true", DNSDelegated: "false" });
  });

  test("is what the service scales on", () => {
    expect(properties(stack, /RequestCount/)).toMatchObject({
      AutoScalingPolicyALBSumRequestCountPerTarget: {
        TargetTrackingScalingPolicyConfiguration: {
          CustomizedMetricSpecification: {
            Dimensions: [
              { Name: "LoadBalancer", Value: "app/shared/0123456789abcdef" },
              { Name: "TargetGroup", Value: { "Fn::GetAtt": ["TargetGroupForImportedALB", "TargetGroupFullName"] } },
            ],
          },
        },
      },
    });
  });

  test("that nothing is known of is told", () => {
    const unknown = stackOf(manifest);
    expect(unknown.missing).toMatchInlineSnapshot(`
      [
        {
          "hint": "describe it in the facts: "loadBalancers": { "shared": … }",
          "message": "nothing is known of the load balancer shared, so the service has no rules there",
          "path": [
            "http",
            "alb",
          ],
        },
      ]
    `);
    expect(Object.keys(unknown.template.Resources).filter((id) => /Alias|Rule|Imported/.test(id))).toEqual([
      "TargetGroupForImportedALB",
      "TargetGroupForImportedALB1",
    ]);
  });
});

test("the parameters of a job hold its count, which has no effect", () => {
  const job = (more: string) => stackOf(`type: Scheduled Job\non: { schedule: "@daily" }\n${more}`);
  expect([job("").parameters["TaskCount"], job("count: 3").parameters["TaskCount"]]).toEqual(["1", "3"]);
  expect(job("count: 3").template.Resources).toEqual(job("").template.Resources);
});

test("a public service has a name of its own while no rule has an alias", () => {
  const names = (http: string) => {
    const stack = stackOf(`type: Load Balanced Web Service\nhttp: ${http}`, { https: true });
    return Object.keys(stack.template.Resources).filter((id) => id.includes("DNSAlias"));
  };
  expect(names("{ path: / }")).toEqual(["LoadBalancerDNSAlias"]);
  expect(names("{ path: /, additional_rules: [{ path: x }] }")).toEqual(["LoadBalancerDNSAlias"]);
  expect(names("{ path: /, alias: a.example.com }")).toEqual([]);
  expect(names("{ path: /, additional_rules: [{ path: x, alias: a.example.com }] }")).toEqual([]);
  const zones =
    "{ path: /, alias: a.b, hosted_zone: Z1, additional_rules: [{ path: x, alias: [{ name: c.d, hosted_zone: Z2 }] }] }";
  expect(names(zones)).toEqual(["LoadBalancerDNSAliasZ1", "LoadBalancerDNSAliasZ2"]);
});

test("what services and jobs import, the environment exports", () => {
  const https = { https: true, facts: { domain: "example.com" } };
  const stacks = [
    stackOf("type: Load Balanced Web Service\nhttp: { path: / }\nnlb: { port: 53/udp, healthcheck: { port: 8080 } }"),
    stackOf("type: Load Balanced Web Service\nhttp: { path: / }\ncount: { range: 1-2, requests: 5 }", https),
    stackOf("type: Backend Service\nhttp: { path: / }\ncount: { range: 1-2, response_time: 1s }"),
    stackOf("type: Backend Service\nhttp: { path: /, alias: a.b, hosted_zone: Z }", https),
    stackOf(
      "type: Worker Service\nnetwork: { vpc: { placement: private } }\nstorage: { volumes: { v: { path: /v, efs: true } } }",
    ),
    stackOf('type: Scheduled Job\non: { schedule: "@daily" }'),
  ];
  const imported = new Set(stacks.flatMap(({ template }) => importsIn(template.Resources)));
  const manifest = { name: "test", type: "Environment" } as const;
  const plan = planEnvironment({ manifest, app: "shop", env: "test" });
  const environment = environmentTemplate({ plan, facts: { ...someFacts, domain: "example.com" }, manifest: "" });
  const exported = Object.values(environment.Outputs ?? {}).flatMap(({ Export }) =>
    Export ? [String((Export.Name as { "Fn::Sub": string })["Fn::Sub"]).replace("${AWS::StackName}-", "")] : [],
  );
  expect([...imported].toSorted()).toMatchInlineSnapshot(`
    [
      "CanonicalHostedZoneID",
      "ClusterId",
      "EnvironmentSecurityGroup",
      "FilesystemID",
      "HTTPListenerArn",
      "HTTPSListenerArn",
      "HostedZone",
      "InternalHTTPListenerArn",
      "InternalHTTPSListenerArn",
      "InternalLoadBalancerCanonicalHostedZoneID",
      "InternalLoadBalancerDNS",
      "InternalLoadBalancerFullName",
      "InternalWorkloadsHostedZoneID",
      "InternalWorkloadsHostedZoneName",
      "PrivateSubnets",
      "PublicLoadBalancerDNS",
      "PublicLoadBalancerFullName",
      "PublicSubnets",
      "ServiceDiscoveryNamespaceID",
      "SubDomain",
      "VpcId",
    ]
  `);
  expect(exported).toEqual(expect.arrayContaining([...imported]));
});

/** The names of exports of the environment in a template. */
function importsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(importsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === "Fn::ImportValue" ? [String(item["Fn::Sub"]).replace("${AppName}-${EnvName}-", "")] : importsIn(item),
  );
}

describe("what only AWS knows", () => {
  const tags = "network: { vpc: { placement: { subnets: { from_tags: { tier: [a, b] } } } } }\n";

  test("the ids of subnets with tags are a parameter, of a service and of a job", () => {
    const service = stackOf(`type: Worker Service\n${tags}`);
    expect(service.template.Parameters["PlacementSubnetIDs"]).toMatchInlineSnapshot(`
      {
        "Description": "IDs of the subnets with the manifest's tags.",
        "Type": "String",
      }
    `);
    expect(properties(service, /^Service$/)["Service"]?.["NetworkConfiguration"]).toMatchInlineSnapshot(`
      {
        "AwsvpcConfiguration": {
          "AssignPublicIp": "DISABLED",
          "SecurityGroups": [
            {
              "Fn::ImportValue": {
                "Fn::Sub": "\${AppName}-\${EnvName}-EnvironmentSecurityGroup",
              },
            },
          ],
          "Subnets": {
            "Fn::Split": [
              ",",
              {
                "Ref": "PlacementSubnetIDs",
              },
            ],
          },
        },
      }
    `);
    expect(service.missing).toMatchInlineSnapshot(`
      [
        {
          "hint": "name them by their ids, here or in the facts: "placementSubnets": ["subnet-…"]",
          "message": "which subnets have the tags tier is not known",
          "path": [
            "network",
            "vpc",
            "placement",
            "subnets",
            "from_tags",
          ],
        },
      ]
    `);
    const known = { facts: { workloadParameters: { PlacementSubnetIDs: "subnet-1,subnet-2" } } };
    const again = stackOf(`type: Worker Service\n${tags}`, known);
    expect(again.missing).toEqual([]);
    expect(again.parameters).toMatchObject({ PlacementSubnetIDs: "subnet-1,subnet-2" });
    const job = stackOf(`type: Scheduled Job\non: { schedule: "@daily" }\n${tags}`);
    expect(job.template.Parameters["PlacementSubnetIDs"]).toEqual(service.template.Parameters["PlacementSubnetIDs"]);
    expect(properties(job, /^StateMachine$/)["StateMachine"]?.["DefinitionSubstitutions"]).toMatchObject({
      Subnets: { "Fn::Join": ['","', { "Fn::Split": [",", { Ref: "PlacementSubnetIDs" }] }] },
    });
  });

  test("the certificate of a TLS listener is a parameter", () => {
    const manifest = "type: Load Balanced Web Service\nhttp: false\nnlb: { port: 443/tls }";
    expect(stackOf(manifest).missing).toMatchInlineSnapshot(`
      [
        {
          "hint": "a deployment to AWS requests it; for a template alone, give its ARN in the facts: "certificates": { "networkLoadBalancer": "arn:aws:acm:…" }",
          "message": "the certificate of the TLS listener is not known",
          "path": [
            "nlb",
          ],
        },
      ]
    `);
    const given = stackOf(manifest, { facts: { certificates: { networkLoadBalancer: "arn:aws:acm:1" } } });
    expect(given.missing).toEqual([]);
    expect(given.parameters).toMatchObject({ NLBCertificateARN: "arn:aws:acm:1" });
    const plain = stackOf(manifest.replace("443/tls", "443"), {
      facts: { certificates: { networkLoadBalancer: "a" } },
    });
    expect(plain.parameters).not.toHaveProperty("NLBCertificateARN");
  });

  test("a stack that is there keeps its rules' priorities and the number of tasks that runs", () => {
    const manifest = "type: Load Balanced Web Service\nhttp: { path: / }\ncount: { range: 1-3, cpu_percentage: 50 }";
    expect(stackOf(manifest).parameters).not.toHaveProperty("FirstDeployment");
    const { parameters, template } = stackOf(manifest, {
      facts: {
        rulePriorities: { HTTPRulePriority: 7, SomeOtherService: 8 },
        workloadParameters: { HTTPRulePriority: "6", FirstDeployment: "true" },
      },
    });
    expect(parameters).toMatchObject({ HTTPRulePriority: "7", FirstDeployment: "false" });
    expect(Object.keys(template.Parameters)).toEqual(expect.arrayContaining(Object.keys(parameters)));
    const kept = stackOf(manifest, { facts: { workloadParameters: { HTTPRulePriority: "6" } } });
    expect(kept.parameters).toMatchObject({ HTTPRulePriority: "6" });
  });

  test("what only a deployment gives stays as it is", () => {
    const manifest = `
type: Worker Service
image: { build: . }
env_file: a.env
sidecars: { one: { image: "one:1", env_file: one.env }, two: { image: "two:1" } }
`;
    const files = { EnvFileARN: "arn:a", EnvFileARNForone: "arn:one", EnvFileARNFortwo: "arn:two" };
    const workloadParameters = { ContainerImage: "registry/api:7", ...files };
    expect(stackOf(manifest, { facts: { workloadParameters } }).parameters).toMatchObject({
      ...workloadParameters,
      EnvFileARNFortwo: "",
    });
    expect(stackOf(manifest).parameters).toMatchObject({ ContainerImage: "", EnvFileARN: "" });
    const named = manifest.replace("{ build: . }", "{ location: other }");
    expect(stackOf(named, { facts: { workloadParameters } }).parameters).toMatchObject({ ContainerImage: "other" });
  });
});
