import { expect, test } from "vitest";
import { requestDrivenStack } from "../../../src/cloudformation/request-driven/request-driven-stack.ts";
import type { RequestDrivenManifest } from "../../../src/manifest/load.ts";
import { planRequestDriven } from "../../../src/plan/plan-request-driven.ts";
import { judged } from "../../support/template-check/judged.ts";

const facts = {
  account: "123456789012",
  region: "us-east-1",
  partition: "aws",
  artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1" },
};

function stack(more: Partial<RequestDrivenManifest> = {}) {
  const manifest: RequestDrivenManifest = {
    name: "run",
    type: "Request-Driven Web Service",
    image: { location: "public.ecr.aws/example/run:1", port: 80 },
    ...more,
  };
  const plan = planRequestDriven({ manifest, app: "shop", env: "test" });
  const made = requestDrivenStack({ plan, facts, manifest: "name: run\n" });
  return { ...made, template: judged(made.template) };
}

const resources = (more: Partial<RequestDrivenManifest> = {}) => Object.keys(stack(more).template.Resources);

test("resources are there when the manifest asks for them", () => {
  expect(resources()).toEqual(["AccessRole", "InstanceRole", "Service", "AddonsStack"]);
  const network = { vpc: { placement: "private" } };
  const publish = { topics: [{ name: "my-runs" }, { name: "jobs", fifo: true }] };
  expect(resources({ network, publish, http: { private: true, alias: "run.example.com" } })).toMatchInlineSnapshot(`
    [
      "AccessRole",
      "InstanceRole",
      "Service",
      "AppRunnerVpcIngressConnection",
      "AddonsStack",
      "myrunsSNSTopic",
      "myrunsSNSTopicPolicy",
      "jobsfifoSNSTopic",
      "jobsfifoSNSTopicPolicy",
      "ServiceSecurityGroup",
      "EnvironmentSecurityGroupIngressFromServiceSecurityGroup",
      "VpcConnector",
    ]
  `);
});

test("requests of the program go to the internet, or through subnets", () => {
  const network = (more: Partial<RequestDrivenManifest>) => {
    const { Service, VpcConnector } = stack(more).template.Resources;
    return { service: Service?.Properties?.["NetworkConfiguration"], subnets: VpcConnector?.Properties?.["Subnets"] };
  };
  expect(network({})).toMatchInlineSnapshot(`
    {
      "service": {
        "EgressConfiguration": {
          "EgressType": "DEFAULT",
        },
      },
      "subnets": undefined,
    }
  `);
  expect(network({ network: { vpc: { placement: "private" } } })).toMatchInlineSnapshot(`
    {
      "service": {
        "EgressConfiguration": {
          "EgressType": "VPC",
          "VpcConnectorArn": {
            "Ref": "VpcConnector",
          },
        },
      },
      "subnets": {
        "Fn::Split": [
          ",",
          {
            "Fn::ImportValue": {
              "Fn::Sub": "\${AppName}-\${EnvName}-PrivateSubnets",
            },
          },
        ],
      },
    }
  `);
  expect(network({ network: { vpc: { placement: { subnets: ["subnet-1"] } } } }).subnets).toEqual(["subnet-1"]);
});

test("subnets that are named by tags are a parameter, and not known", () => {
  const { template, parameters, missing } = stack({
    network: { vpc: { placement: { subnets: { from_tags: { Tier: "app", Zone: ["a", "b"] } } } } },
  });
  expect(template.Resources["VpcConnector"]?.Properties?.["Subnets"]).toEqual({
    "Fn::Split": [",", { Ref: "PlacementSubnetIDs" }],
  });
  expect(template.Parameters).toHaveProperty("PlacementSubnetIDs");
  expect(parameters).not.toHaveProperty("PlacementSubnetIDs");
  expect(missing).toMatchInlineSnapshot(`
    [
      {
        "hint": "name them by their ids, here or in the facts: "placementSubnets": ["subnet-…"]",
        "message": "which subnets have the tags Tier, Zone is not known",
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
  expect(stack().missing).toEqual([]);
  expect(stack().template.Parameters).not.toHaveProperty("PlacementSubnetIDs");
});

test("a private service is reached through the environment's endpoint or its own", () => {
  const endpoint = (given: boolean | { endpoint: string }) => {
    const { template } = stack({ http: { private: given } });
    const { Service, AppRunnerVpcIngressConnection: connection } = template.Resources;
    const network = Service?.Properties?.["NetworkConfiguration"] as { IngressConfiguration?: unknown } | undefined;
    return { ingress: network?.IngressConfiguration, connection: connection?.Properties?.["IngressVpcConfiguration"] };
  };
  expect(endpoint(false)).toEqual({ ingress: undefined, connection: undefined });
  expect(endpoint(true)).toMatchInlineSnapshot(`
    {
      "connection": {
        "VpcEndpointId": {
          "Fn::ImportValue": {
            "Fn::Sub": "\${AppName}-\${EnvName}-AppRunnerVpcEndpointId",
          },
        },
        "VpcId": {
          "Fn::ImportValue": {
            "Fn::Sub": "\${AppName}-\${EnvName}-VpcId",
          },
        },
      },
      "ingress": {
        "IsPubliclyAccessible": false,
      },
    }
  `);
  expect(endpoint({ endpoint: "vpce-1" })).toMatchObject({ connection: { VpcEndpointId: "vpce-1" } });
});

test("an image of Amazon ECR is pulled with a role, a public one without", () => {
  const kind = (image: Partial<RequestDrivenManifest["image"]>) =>
    stack({ image: { port: 80, ...image } }).parameters["ImageRepositoryType"];
  expect(kind({ location: "public.ecr.aws/example/run:1" })).toBe("ECR_PUBLIC");
  expect(kind({ location: "123456789012.dkr.ecr.us-east-1.amazonaws.com/run:1" })).toBe("ECR");
  expect(kind({ build: "Dockerfile" })).toBe("ECR");
});

test("the health check's parameters are those that the manifest gives", () => {
  const given = ({ parameters }: ReturnType<typeof stack>) =>
    Object.fromEntries(Object.entries(parameters).filter(([name]) => name.startsWith("HealthCheck")));
  expect(given(stack())).toEqual({});
  expect(stack().template.Resources["Service"]?.Properties).not.toHaveProperty("HealthCheckConfiguration");
  const checked = stack({ http: { healthcheck: { path: "/up", interval: "10s" } } });
  expect(given(checked)).toEqual({ HealthCheckPath: "/up", HealthCheckInterval: "10" });
  expect(checked.template.Resources["Service"]?.Properties?.["HealthCheckConfiguration"]).toMatchInlineSnapshot(`
    {
      "HealthyThreshold": {
        "Fn::If": [
          "HasHealthCheckHealthyThreshold",
          {
            "Ref": "HealthCheckHealthyThreshold",
          },
          {
            "Ref": "AWS::NoValue",
          },
        ],
      },
      "Interval": {
        "Fn::If": [
          "HasHealthCheckInterval",
          {
            "Ref": "HealthCheckInterval",
          },
          {
            "Ref": "AWS::NoValue",
          },
        ],
      },
      "Path": {
        "Fn::If": [
          "HasHealthCheckPath",
          {
            "Ref": "HealthCheckPath",
          },
          {
            "Ref": "AWS::NoValue",
          },
        ],
      },
      "Protocol": "HTTP",
      "Timeout": {
        "Fn::If": [
          "HasHealthCheckTimeout",
          {
            "Ref": "HealthCheckTimeout",
          },
          {
            "Ref": "AWS::NoValue",
          },
        ],
      },
      "UnhealthyThreshold": {
        "Fn::If": [
          "HasHealthCheckUnhealthyThreshold",
          {
            "Ref": "HealthCheckUnhealthyThreshold",
          },
          {
            "Ref": "AWS::NoValue",
          },
        ],
      },
    }
  `);
});

test("topics are told with their ARNs written out", () => {
  const { Service } = stack({ publish: { topics: [{ name: "runs" }] } }).template.Resources;
  expect(JSON.stringify(Service)).toContain("arn:aws:sns:us-east-1:123456789012:shop-test-run-runs");
});
