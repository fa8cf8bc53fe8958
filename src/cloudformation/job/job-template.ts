import { addonsStack } from "../addons-stack.ts";
import { subnetParameters } from "../placement-subnets.ts";
import { executionRole, taskRole } from "../service/roles.ts";
import { accessPoint } from "../service/storage.ts";
import { logGroup, taskDefinition } from "../service/task-definition.ts";
import { commonConditions, envFileParameters } from "../service/task-stack.ts";
import { topics } from "../service/topics.ts";
import { type Parameter, present, type Template, templateVersion } from "../template.ts";
import type { JobInput } from "./job-input.ts";
import { rule, ruleRole } from "./rule.ts";
import { stateMachine, stateMachineRole } from "./state-machine.ts";

/** The stack of a job that runs on ECS, with Copilot's logical IDs, names and parameters. */
export function jobTemplate(input: JobInput): Template {
  const { plan } = input;
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "CloudFormation template that represents a scheduled job on Amazon ECS.",
    Metadata: { Version: templateVersion, Manifest: input.manifest },
    Parameters: parameters(input),
    Conditions: commonConditions(plan),
    Resources: present({
      LogGroup: logGroup(),
      TaskDefinition: taskDefinition(input),
      ExecutionRole: executionRole(input),
      TaskRole: taskRole(input),
      Rule: rule(plan),
      RuleRole: ruleRole(),
      StateMachine: stateMachine(input),
      StateMachineRole: stateMachineRole(),
      ...accessPoint(plan),
      AddonsStack: addonsStack(input.addons),
      ...topics(plan),
    }),
  };
}

function parameters({ plan }: JobInput): Record<string, Parameter> {
  return {
    AppName: { Type: "String" },
    EnvName: { Type: "String" },
    WorkloadName: { Type: "String" },
    Schedule: { Type: "String" },
    ContainerImage: { Type: "String" },
    TaskCPU: { Type: "String" },
    TaskMemory: { Type: "String" },
    TaskCount: { Type: "Number" },
    LogRetention: { Type: "Number" },
    AddonsTemplateURL: {
      Type: "String",
      Description: "URL of the addons nested stack template within the S3 bucket.",
      Default: "",
    },
    ...envFileParameters(plan),
    ArtifactKeyARN: { Type: "String", Description: "KMS Key used for encrypting artifacts" },
    ...subnetParameters(plan.stateMachine.network.subnets),
  };
}
