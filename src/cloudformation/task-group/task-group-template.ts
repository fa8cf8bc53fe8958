import type { TaskGroupPlan } from "../../plan/task-group-plan.ts";
import { equals, getAtt, ifCondition, join, not, ref } from "../intrinsics.ts";
import { withPermissionsBoundary } from "../permissions-boundary.ts";
import { present, type Resource, type Template, type Value } from "../template.ts";
import { taskGroupBucket, taskGroupBucketPolicy, taskGroupRepository } from "./storage.ts";
import { defaultExecutionRole, defaultTaskRole } from "./roles.ts";

/** The stack of a group of one-off tasks, with Copilot's logical IDs, names and outputs, so that either tool goes on where the
 *  other one was. Without an image it has no task definition: the repository has to be there before anything can be pushed.
 *  @param permissionsBoundary of the application */
export function taskGroupTemplate(plan: TaskGroupPlan, permissionsBoundary?: string): Template {
  const template: Template = {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "CloudFormation template that represents a task on Amazon ECS.",
    Parameters: {
      TaskName: { Type: "String" },
      TaskCPU: { Type: "String" },
      TaskMemory: { Type: "String" },
      LogRetention: { Type: "Number" },
      ContainerImage: { Type: "String" },
      TaskRole: { Type: "String" },
      EnvFileARN: { Type: "String" },
      OS: { Type: "String" },
      Arch: { Type: "String" },
    },
    Conditions: {
      HasImage: given("ContainerImage"),
      HasTaskRole: given("TaskRole"),
      HasEnvFile: given("EnvFileARN"),
      HasCustomPlatform: given("OS"),
    },
    Resources: present({
      TaskDefinition: taskDefinition(plan),
      DefaultExecutionRole: plan.executionRole === undefined ? defaultExecutionRole(plan) : undefined,
      DefaultTaskRole: defaultTaskRole,
      ECRRepo: taskGroupRepository,
      LogGroup: {
        Metadata: { "aws:copilot:description": "A CloudWatch log group to hold your task logs" },
        Type: "AWS::Logs::LogGroup",
        Properties: { LogGroupName: join("", ["/copilot/", ref("TaskName")]), RetentionInDays: ref("LogRetention") },
      },
      S3Bucket: taskGroupBucket,
      S3BucketPolicy: taskGroupBucketPolicy,
    }),
    Outputs: {
      ECRRepo: { Description: "ECR Repo used to store images of task.", Value: getAtt("ECRRepo.Arn") },
      S3Bucket: { Description: "S3 Bucket used to store env files.", Value: ref("S3Bucket") },
    },
  };
  return withPermissionsBoundary(template, permissionsBoundary === undefined ? {} : { permissionsBoundary });
}

/** The parameters that go with the template. */
export function taskGroupParameters(
  { group, cpu, memory, taskRole: role = "", platform }: TaskGroupPlan,
  { image = "", envFileArn = "" }: { image?: string; envFileArn?: string },
): Record<string, string> {
  return {
    TaskName: group,
    TaskCPU: String(cpu),
    TaskMemory: String(memory),
    LogRetention: "1",
    ContainerImage: image,
    TaskRole: role,
    EnvFileARN: envFileArn,
    OS: platform?.operatingSystemFamily ?? "",
    Arch: platform?.cpuArchitecture ?? "",
  };
}

/** Under which both tools find a group. */
export function taskGroupTags({
  group,
  app,
  env,
}: Pick<TaskGroupPlan, "group" | "app" | "env">): Record<string, string> {
  return {
    ...(app !== undefined && env !== undefined && { "copilot-application": app, "copilot-environment": env }),
    "copilot-task": group,
  };
}

function given(parameter: string): Value {
  return not(equals(ref(parameter), ""));
}

/** The words of commands stand in the template: between the commas of a parameter, those that hold commas would fall
 *  apart. */
function taskDefinition({ variables, secrets, entryPoint, command, executionRole: role }: TaskGroupPlan): Resource {
  const container: Record<string, Value | undefined> = {
    Image: ref("ContainerImage"),
    EntryPoint: listed(entryPoint),
    Command: listed(command),
    EnvironmentFiles: [ifCondition("HasEnvFile", { Type: "s3", Value: ref("EnvFileARN") })],
    LogConfiguration: {
      LogDriver: "awslogs",
      Options: {
        "awslogs-region": ref("AWS::Region"),
        "awslogs-group": ref("LogGroup"),
        "awslogs-stream-prefix": "copilot-task",
      },
    },
    Name: ref("TaskName"),
    Environment: pairs(variables, "Value"),
    Secrets: pairs(secrets, "ValueFrom"),
  };
  return {
    Metadata: { "aws:copilot:description": "An ECS task definition to run your container on ECS" },
    Condition: "HasImage",
    Type: "AWS::ECS::TaskDefinition",
    DependsOn: "ECRRepo",
    Properties: {
      ContainerDefinitions: [container],
      Family: join("-", ["copilot", ref("TaskName")]),
      RuntimePlatform: ifCondition("HasCustomPlatform", {
        OperatingSystemFamily: ref("OS"),
        CpuArchitecture: ref("Arch"),
      }),
      RequiresCompatibilities: ["FARGATE"],
      NetworkMode: "awsvpc",
      Cpu: ref("TaskCPU"),
      Memory: ref("TaskMemory"),
      ExecutionRoleArn: role ?? getAtt("DefaultExecutionRole.Arn"),
      TaskRoleArn: ifCondition("HasTaskRole", ref("TaskRole"), getAtt("DefaultTaskRole.Arn")),
    },
  };
}

function listed(words: readonly string[] | undefined): Value | undefined {
  return words === undefined || words.length === 0 ? undefined : [...words];
}

function pairs(values: Readonly<Record<string, string>>, member: "Value" | "ValueFrom"): Value | undefined {
  const all = Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return all.length === 0 ? undefined : all.map(([Name, value]) => ({ Name, [member]: value }));
}
