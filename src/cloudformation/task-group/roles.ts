import { isOfSecretsManager, type TaskGroupPlan } from "../../plan/task-group-plan.ts";
import { ifCondition, join, ref, select, split, sub } from "../intrinsics.ts";
import { assumedBy } from "../service/roles.ts";
import type { Resource, Value } from "../template.ts";

/** The role with which ECS starts a task. */
export function defaultExecutionRole(plan: TaskGroupPlan): Resource {
  const secrets = readsSecrets(plan);
  return {
    Metadata: {
      "aws:copilot:description": "An IAM Role for the Fargate agent to make AWS API calls on your behalf",
    },
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: assumedBy("ecs-tasks.amazonaws.com"),
      ManagedPolicyArns: [sub("arn:${AWS::Partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy")],
      Policies: [readsEnvFile, ...(secrets.length === 0 ? [] : [policy("PullSecrets", secrets)])],
    },
  };
}

const readsEnvFile = ifCondition("HasEnvFile", {
  PolicyName: join("", [ref("TaskName"), "GetEnvFilePolicy"]),
  PolicyDocument: {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: ["s3:GetObject"], Resource: [ref("EnvFileARN")] },
      {
        Effect: "Allow",
        Action: ["s3:GetBucketLocation"],
        Resource: [
          join("", [
            "arn:",
            ref("AWS::Partition"),
            ":s3:::",
            select(0, split("/", select(5, split(":", ref("EnvFileARN"))))),
          ]),
        ],
      },
    ],
  },
});

/** In an environment those that have its tags, as for its workloads; elsewhere those that are named. */
function readsSecrets({ app, env, secrets }: TaskGroupPlan): Value[] {
  const sources = Object.values(secrets);
  const isAny = sources.length > 0;
  if (app !== undefined && env !== undefined)
    return isAny
      ? [
          tagged("ssm", "ssm:GetParameters", "parameter/*", { app, env }),
          tagged("secretsmanager", "secretsmanager:GetSecretValue", "secret:*", { app, env }),
        ]
      : [];
  const named = (action: string, all: string[], arn: (source: string) => Value) =>
    all.length === 0 ? [] : [{ Effect: "Allow", Action: [action], Resource: all.map(arn) }];
  return [
    ...named(
      "ssm:GetParameters",
      sources.filter((source) => !isOfSecretsManager(source)),
      (source) => (source.startsWith("arn:") ? source : ours("ssm", `parameter/${source.replace(/^\//, "")}`)),
    ),
    ...named("secretsmanager:GetSecretValue", sources.filter(isOfSecretsManager), wholeSecret),
  ];
}

/** What stands behind a secret's name chooses from what is in it. */
function wholeSecret(source: string): string {
  return source.split(":").slice(0, 7).join(":");
}

function tagged(service: string, action: string, resource: string, { app, env }: { app: string; env: string }): Value {
  const StringEquals = {
    [`${service}:ResourceTag/copilot-application`]: app,
    [`${service}:ResourceTag/copilot-environment`]: env,
  };
  return { Effect: "Allow", Action: [action], Condition: { StringEquals }, Resource: [ours(service, resource)] };
}

function ours(service: string, resource: string): Value {
  return sub(`arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`);
}

function policy(PolicyName: string, Statement: Value[]): Value {
  return { PolicyName, PolicyDocument: { Version: "2012-10-17", Statement } };
}

/** The role of the container, with what commands need that are run in it. */
export const defaultTaskRole: Resource = {
  Metadata: {
    "aws:copilot:description":
      "An IAM Role for the task to make AWS API calls on your behalf. Policies are required by ECS Exec",
  },
  Type: "AWS::IAM::Role",
  Properties: {
    AssumeRolePolicyDocument: assumedBy("ecs-tasks.amazonaws.com"),
    Policies: [
      policy("ExecuteCommand", [
        {
          Effect: "Allow",
          Action: ["CreateControlChannel", "OpenControlChannel", "CreateDataChannel", "OpenDataChannel"].map(
            (action) => `ssmmessages:${action}`,
          ),
          Resource: "*",
        },
        {
          Effect: "Allow",
          Action: ["CreateLogStream", "DescribeLogGroups", "DescribeLogStreams", "PutLogEvents"].map(
            (action) => `logs:${action}`,
          ),
          Resource: "*",
        },
      ]),
    ],
  },
};
