import { fromPlan } from "../from-plan.ts";
import { ifCondition, join, ref, select, split } from "../intrinsics.ts";
import type { Resource, Value } from "../template.ts";
import { containersWithEnvFile, type EnvFileContainer } from "./containers.ts";
import type { TaskInput } from "./service-input.ts";

type Policies = Record<string, Value>[];

/** The role with which ECS starts a task. */
export function executionRole({ plan, references }: TaskInput): Resource {
  const role = plan.roles?.execution;
  const files = containersWithEnvFile(plan);
  const own = policies(role?.policies ?? [], references).filter(
    ({ PolicyName }) => !files.some(({ policy }) => String(PolicyName).endsWith(policy)),
  );
  return {
    Metadata: {
      "aws:copilot:description": "An IAM Role for the Fargate agent to make AWS API calls on your behalf",
    },
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: assumedBy("ecs-tasks.amazonaws.com"),
      Policies: [...own, ...files.map(readsEnvFile)],
      ManagedPolicyArns: fromPlan(role?.managedPolicies ?? [], references),
    },
  };
}

/** The role of the containers. */
export function taskRole({ plan, references }: TaskInput): Resource {
  const role = plan.roles?.task;
  const managed = fromPlan(role?.managedPolicies ?? [], references) as Value[];
  return {
    Metadata: { "aws:copilot:description": "An IAM role to control permissions for the containers in your tasks" },
    Type: "AWS::IAM::Role",
    Properties: {
      ManagedPolicyArns: managed.length > 0 ? managed : undefined,
      AssumeRolePolicyDocument: assumedBy("ecs-tasks.amazonaws.com"),
      Policies: policies(role?.policies ?? [], references),
    } as Record<string, Value>,
  };
}

/** @param service its name, or a list with it: as Copilot writes it of the role */
export function assumedBy(service: Value): Value {
  return {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  };
}

export function policies(planned: readonly object[], references: TaskInput["references"]): Policies {
  return (fromPlan(planned, references) as Policies).map(({ PolicyName, Statement }) => ({
    PolicyName: PolicyName as Value,
    PolicyDocument: { Version: "2012-10-17", Statement: (Statement as Record<string, Value>[]).map(unlisted) },
  }));
}

/** A list of one thing where Copilot writes the thing alone. */
function unlisted(statement: Record<string, Value>): Value {
  const isWildcard = (value: Value | undefined) => Array.isArray(value) && value.length === 1 && value[0] === "*";
  const { Action, Resource } = statement;
  return {
    ...statement,
    ...(isWildcard(Resource) && { Resource: "*" }),
    ...(Array.isArray(Action) && ["iam:*", "sns:Publish"].includes(String(Action[0])) && { Action: Action[0] }),
  };
}

/** The bucket's name is a part of the object's ARN. */
function readsEnvFile({ condition, parameter, policy }: EnvFileContainer): Value {
  const bucket = select(0, split("/", select(5, split(":", ref(parameter)))));
  return ifCondition(condition, {
    PolicyName: join("", [ref("AppName"), "-", ref("EnvName"), "-", ref("WorkloadName"), policy]),
    PolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: ["s3:GetObject"], Resource: [ref(parameter)] },
        {
          Effect: "Allow",
          Action: ["s3:GetBucketLocation"],
          Resource: [join("", ["arn:", ref("AWS::Partition"), ":s3:::", bucket])],
        },
      ],
    },
  });
}
