import { addonsStack } from "../addons-stack.ts";
import { equals, not, ref } from "../intrinsics.ts";
import { subnetParameters } from "../placement-subnets.ts";
import { type Output, type Parameter, present, type Template, templateVersion, type Value } from "../template.ts";
import { alarms } from "./alarms.ts";
import { autoScaling } from "./auto-scaling.ts";
import { discoveryOutputs, discoveryService } from "./discovery.ts";
import { dnsAliases } from "./dns-aliases.ts";
import { ecsService } from "./ecs-service.ts";
import { importedIngress } from "./imported-load-balancer.ts";
import { listenerRules, priorityParameters } from "./listener-rules.ts";
import { networkLoadBalancer, nlbOutputs, nlbParameters } from "./network-load-balancer.ts";
import { queues } from "./queues.ts";
import { executionRole, taskRole } from "./roles.ts";
import type { ServiceInput } from "./service-input.ts";
import { accessPoint } from "./storage.ts";
import { targetGroups } from "./target-groups.ts";
import { commonConditions, envFileParameters } from "./task-stack.ts";
import { logGroup, taskDefinition } from "./task-definition.ts";
import { topics } from "./topics.ts";

/** The stack of a service that runs on ECS, with Copilot's logical IDs, names and parameters. */
export function serviceTemplate(input: ServiceInput): Template {
  const { plan } = input;
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `CloudFormation template that represents a ${plan.type.toLowerCase()} on Amazon ECS.`,
    Metadata: { Version: templateVersion, Manifest: input.manifest },
    Parameters: parameters(input),
    Conditions: conditions(input),
    Resources: present({
      LogGroup: logGroup(),
      TaskDefinition: taskDefinition(input),
      ExecutionRole: executionRole(input),
      TaskRole: taskRole(input),
      DiscoveryService: plan.discovery && discoveryService(),
      ...autoScaling(plan, input.facts),
      ...alarms(plan),
      Service: ecsService(input),
      ...targetGroups(plan),
      ...dnsAliases(plan, input.facts),
      ...listenerRules(input),
      ...importedIngress(plan, input.facts),
      ...networkLoadBalancer(plan),
      ...accessPoint(plan),
      AddonsStack: addonsStack(input.addons),
      ...topics(plan),
      ...queues(plan),
    }),
    Outputs: outputs(input),
  };
}

function parameters(input: ServiceInput): Record<string, Parameter> {
  const { plan } = input;
  const isPublic = plan.type === "Load Balanced Web Service";
  const isCalled = plan.type !== "Worker Service";
  return {
    AppName: { Type: "String" },
    EnvName: { Type: "String" },
    WorkloadName: { Type: "String" },
    ContainerImage: { Type: "String" },
    ...(isCalled && { ContainerPort: { Type: "Number" as const } }),
    TaskCPU: { Type: "String" },
    TaskMemory: { Type: "String" },
    TaskCount: { Type: "Number" },
    ...(isPublic && { DNSDelegated: { Type: "String", AllowedValues: [true, false] } }),
    LogRetention: { Type: "Number", ...(!isPublic && { Default: 30 }) },
    AddonsTemplateURL: {
      Type: "String",
      Description: "URL of the addons nested stack template within the S3 bucket.",
      Default: "",
    },
    ...envFileParameters(plan),
    ArtifactKeyARN: { Type: "String", Description: "KMS Key used for encrypting artifacts" },
    ...(isCalled && { TargetContainer: { Type: "String" as const }, TargetPort: { Type: "Number" as const } }),
    ...(plan.listenerRules.length > 0 && {
      HTTPSEnabled: { Type: "String", AllowedValues: [true, false] },
      RulePath: { Type: "String" },
    }),
    ...priorityParameters(input),
    ...nlbParameters(plan),
    ...subnetParameters(plan.service.networkConfiguration?.awsvpcConfiguration?.subnets),
    ...(plan.scaling !== undefined && {
      FirstDeployment: {
        Type: "String",
        Description: "Whether the service is made by this deployment; later ones leave its number of tasks alone.",
        AllowedValues: ["true", "false"],
        Default: "true",
      },
    }),
  };
}

function conditions({ plan }: ServiceInput): Record<string, Value> {
  return {
    IsGovCloud: equals(ref("AWS::Partition"), "aws-us-gov"),
    ...(plan.type === "Load Balanced Web Service" && { HasAssociatedDomain: equals(ref("DNSDelegated"), true) }),
    ...commonConditions(plan),
    ...(plan.type === "Backend Service" && { ExposePort: not(equals(ref("TargetPort"), -1)) }),
    ...(plan.scaling !== undefined && { IsFirstDeployment: equals(ref("FirstDeployment"), true) }),
  };
}

function outputs({ plan }: ServiceInput): Record<string, Output> {
  return { ...(plan.discovery && discoveryOutputs()), ...nlbOutputs(plan) };
}
