import type { ScheduledJobPlan } from "../../plan/scheduled-job-plan.ts";
import { fromPlan } from "../from-plan.ts";
import { getAtt, importEnvironment, join, ref, split, sub } from "../intrinsics.ts";
import { assumedBy } from "../service/roles.ts";
import type { Resource, Value } from "../template.ts";
import type { JobInput } from "./job-input.ts";

type Network = ScheduledJobPlan["stateMachine"]["network"];

/** What runs a task to its end, again when it fails, and stops it when it takes too long. */
export function stateMachine({ plan, references }: JobInput): Resource {
  const { assignPublicIp = "DISABLED", subnets = [], securityGroups = [] } = plan.stateMachine.network;
  return {
    Metadata: {
      "aws:copilot:description": "A state machine to invoke your job and handle retry and timeout logic",
    },
    Type: "AWS::StepFunctions::StateMachine",
    Properties: {
      StateMachineName: sub("${AppName}-${EnvName}-${WorkloadName}"),
      RoleArn: getAtt("StateMachineRole.Arn"),
      LoggingConfiguration: {
        Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: getAtt("LogGroup.Arn") } }],
        IncludeExecutionData: true,
        Level: "ALL",
      },
      DefinitionSubstitutions: {
        ContainerName: ref("WorkloadName"),
        Cluster: importEnvironment("ClusterId"),
        TaskDefinition: ref("TaskDefinition"),
        Partition: ref("AWS::Partition"),
        Subnets: quotedList(list(subnets, references)),
        AssignPublicIp: fromPlan(assignPublicIp, references),
        SecurityGroups: quotedList(fromPlan(securityGroups, references)),
      },
      DefinitionString: JSON.stringify(definition(plan), undefined, 2),
    },
  };
}

/** What stands between the first and the last quote of a list in JSON. */
function quotedList(items: Value): Value {
  return join('","', items);
}

/** An output of the environment is one text with commas, and so is the parameter with subnets by their tags. */
function list(subnets: NonNullable<Network["subnets"]>, references: JobInput["references"]): Value {
  const [only, ...others] = subnets;
  const isOneText = others.length === 0 && typeof only === "object";
  return isOneText ? split(",", fromPlan(only, references)) : fromPlan(subnets, references);
}

/** In the Amazon States Language; `${…}` stands for the substitutions. */
function definition({ stateMachine: { timeoutSeconds, retries, platformVersion } }: ScheduledJobPlan): object {
  return {
    Version: "1.0",
    Comment: "Run AWS Fargate task",
    ...(timeoutSeconds !== undefined && { TimeoutSeconds: timeoutSeconds }),
    StartAt: "Run Fargate Task",
    States: {
      "Run Fargate Task": {
        Type: "Task",
        Resource: "arn:${Partition}:states:::ecs:runTask.sync",
        Parameters: {
          LaunchType: "FARGATE",
          PlatformVersion: platformVersion,
          Cluster: "${Cluster}",
          TaskDefinition: "${TaskDefinition}",
          PropagateTags: "TASK_DEFINITION",
          "Group.$": "$$.Execution.Name",
          NetworkConfiguration: {
            AwsvpcConfiguration: {
              Subnets: ["${Subnets}"],
              AssignPublicIp: "${AssignPublicIp}",
              SecurityGroups: ["${SecurityGroups}"],
            },
          },
        },
        ...(retries && {
          Retry: [
            {
              ErrorEquals: ["States.ALL"],
              IntervalSeconds: retries.intervalSeconds,
              MaxAttempts: retries.maxAttempts,
              BackoffRate: retries.backoffRate,
            },
          ],
        }),
        End: true,
      },
    },
  };
}

export function stateMachineRole(): Resource {
  const inCluster: Value = {
    ArnEquals: {
      "ecs:cluster": {
        "Fn::Sub": [
          "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:cluster/${ClusterID}",
          { ClusterID: importEnvironment("ClusterId") },
        ],
      },
    },
  };
  return {
    Metadata: { "aws:copilot:description": "An IAM role for a state machine to run ECS tasks in your cluster" },
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: assumedBy("states.amazonaws.com"),
      Policies: [
        {
          PolicyName: "StateMachine",
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: [
              {
                Effect: "Allow",
                Action: "iam:PassRole",
                Resource: [getAtt("ExecutionRole.Arn"), getAtt("TaskRole.Arn")],
              },
              { Effect: "Allow", Action: "ecs:RunTask", Resource: ref("TaskDefinition"), Condition: inCluster },
              {
                Effect: "Allow",
                Action: ["ecs:StopTask", "ecs:DescribeTasks"],
                Resource: "*",
                Condition: inCluster,
              },
              { Effect: "Allow", Action: logDelivery.map((action) => `logs:${action}`), Resource: "*" },
              {
                Effect: "Allow",
                Action: ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
                Resource: sub(
                  "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/StepFunctionsGetEventsForECSTaskRule",
                ),
              },
            ],
          },
        },
      ],
    },
  };
}

const logDelivery = (
  "CreateLogDelivery GetLogDelivery UpdateLogDelivery DeleteLogDelivery ListLogDeliveries PutResourcePolicy " +
  "DescribeResourcePolicies DescribeLogGroups"
).split(" ");
