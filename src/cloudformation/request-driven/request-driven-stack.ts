import { addonsStack } from "../addons-stack.ts";
import type { StackFacts } from "../facts.ts";
import type { References } from "../from-plan.ts";
import { equals, not, ref } from "../intrinsics.ts";
import type { Packaged } from "../packaged.ts";
import { missingSubnets, subnetParameters, subnetsByTags, subnetValues } from "../placement-subnets.ts";
import { topicId, topics } from "../service/topics.ts";
import { type Parameter, present, type Template, templateVersion } from "../template.ts";
import { appRunnerService, healthCheckParameters } from "./app-runner-service.ts";
import { ingressConnection } from "./ingress-connection.ts";
import { accessRole, instanceRole } from "./roles.ts";
import type { RequestDrivenInput } from "./request-driven-input.ts";
import { vpcConnector } from "./vpc-connector.ts";

/** The stack of a service on App Runner, with Copilot's logical IDs, names and parameters. */
export function requestDrivenStack(given: Omit<RequestDrivenInput, "references">): Packaged {
  const { plan, facts } = given;
  const input = { ...given, references: requestDrivenReferences(facts) };
  return {
    template: template(input),
    parameters: parameterValues(input),
    missing: missingSubnets(plan.egress?.subnets, facts),
  };
}

function template(input: RequestDrivenInput): Template {
  const { plan, manifest } = input;
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "CloudFormation template that represents a request driven web service on AWS App Runner.",
    Metadata: { Version: templateVersion, Manifest: manifest },
    Parameters: { ...parameters, ...subnetParameters(plan.egress?.subnets) },
    Conditions: {
      NeedsAccessRole: equals(ref("ImageRepositoryType"), "ECR"),
      ...Object.fromEntries(healthCheckParameters.map(({ parameter, condition }) => [condition, isGiven(parameter)])),
      HasAddons: isGiven("AddonsTemplateURL"),
    },
    Resources: present({
      AccessRole: accessRole(),
      InstanceRole: instanceRole(input),
      Service: appRunnerService(input),
      AppRunnerVpcIngressConnection: ingressConnection(input),
      AddonsStack: addonsStack(input.addons),
      ...topics(plan),
      ...vpcConnector(input),
    }),
  };
}

function isGiven(parameter: string) {
  return not(equals(ref(parameter), ""));
}

const parameters: Record<string, Parameter> = {
  AppName: { Type: "String" },
  EnvName: { Type: "String" },
  WorkloadName: { Type: "String" },
  ContainerImage: { Type: "String" },
  ContainerPort: { Type: "Number" },
  ImageRepositoryType: { Type: "String" },
  InstanceCPU: { Type: "String" },
  InstanceMemory: { Type: "String" },
  ...Object.fromEntries(healthCheckParameters.map(({ parameter }) => [parameter, { Type: "String", Default: "" }])),
  AddonsTemplateURL: {
    Type: "String",
    Description: "URL of the addons nested stack template within the S3 bucket.",
    Default: "",
  },
  ArtifactKeyARN: { Type: "String", Description: "KMS Key used for encrypting artifacts" },
};

/** An image that is built is pushed to Amazon ECR; until then its parameter is empty. */
function parameterValues({ plan, facts, image = plan.image?.name }: RequestDrivenInput): Record<string, string> {
  const { port, cpu, memory, healthCheck = {} } = plan.service;
  return {
    AppName: plan.app,
    EnvName: plan.env,
    WorkloadName: plan.name,
    ContainerImage: image ?? facts.workloadParameters?.["ContainerImage"] ?? "",
    ContainerPort: String(port),
    ImageRepositoryType: plan.image?.repository ?? "ECR",
    InstanceCPU: String(cpu),
    InstanceMemory: String(memory),
    ...Object.fromEntries(
      healthCheckParameters.flatMap(({ key, parameter }) =>
        healthCheck[key] === undefined ? [] : [[parameter, String(healthCheck[key])]],
      ),
    ),
    AddonsTemplateURL: "",
    ArtifactKeyARN: facts.artifacts.kmsKeyArn,
    ...subnetValues(plan.egress?.subnets, facts),
  };
}

function requestDrivenReferences(facts: StackFacts): References {
  return {
    image: () => ref("ContainerImage"),
    envFile: () => "",
    topic: (name) => ref(topicId(name)),
    queue: (key) => ref(key),
    loadBalancerDnsName: (name) => facts.loadBalancers?.[name]?.dnsName ?? name,
    subnets: subnetsByTags,
  };
}
