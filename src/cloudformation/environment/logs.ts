import type { EnvironmentPlan } from "../../plan/environment-plan.ts";
import { getAtt, join, ref, sub } from "../intrinsics.ts";
import type { Resource, Resources } from "../template.ts";
import { vpcId } from "./network-values.ts";

/** What is written down of the network's traffic. */
export function flowLogs(plan: EnvironmentPlan): Resources {
  const { flowLogsRetentionDays: days } = plan;
  if (days === undefined) return {};
  return {
    VpcFlowLogGroup: {
      Type: "AWS::Logs::LogGroup",
      Metadata: { "aws:copilot:description": `A log group that keeps the network's flow logs for ${days} days` },
      Properties: {
        LogGroupName: join("-", [ref("AppName"), ref("EnvironmentName"), "FlowLogs"]),
        RetentionInDays: days,
      },
    },
    FlowLog: {
      Metadata: { "aws:copilot:description": "The flow log of the network" },
      Type: "AWS::EC2::FlowLog",
      Properties: {
        DeliverLogsPermissionArn: getAtt("FlowLogRole.Arn"),
        LogDestinationType: "cloud-watch-logs",
        LogGroupName: ref("VpcFlowLogGroup"),
        MaxAggregationInterval: 60,
        ResourceId: vpcId(plan),
        ResourceType: "VPC",
        TrafficType: "ALL",
      },
    },
    FlowLogRole: flowLogRole,
  };
}

const flowLogRole: Resource = {
  Metadata: { "aws:copilot:description": "The role with which EC2 writes flow logs" },
  Type: "AWS::IAM::Role",
  Properties: {
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "vpc-flow-logs.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "aws:SourceAccount": ref("AWS::AccountId") },
            ArnLike: {
              "aws:SourceArn": sub("arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}:vpc-flow-log/*"),
            },
          },
        },
      ],
    },
    Policies: [
      {
        PolicyName: "GrantAccesstoEC2toPublishFlowlogs",
        PolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: [
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:PutLogEvents",
                "logs:DescribeLogGroups",
                "logs:DescribeLogStreams",
              ],
              Resource: "*",
            },
          ],
        },
      },
    ],
  },
};

/** Lets the state machines of jobs write to the log groups of the environment. */
export function logResourcePolicy(): Resource {
  const document = {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "StateMachineToCloudWatchLogs",
        Effect: "Allow",
        Principal: { Service: ["delivery.logs.amazonaws.com"] },
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: [
          "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/copilot/${AppName}-${EnvironmentName}-*:log-stream:*",
        ],
        Condition: {
          StringEquals: { "aws:SourceAccount": "${AWS::AccountId}" },
          ArnLike: { "aws:SourceArn": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:*" },
        },
      },
    ],
  };
  return {
    Metadata: { "aws:copilot:description": "Lets AWS services write to the log groups of the environment" },
    Type: "AWS::Logs::ResourcePolicy",
    Properties: {
      PolicyName: sub("${AppName}-${EnvironmentName}-LogResourcePolicy"),
      PolicyDocument: sub(`${JSON.stringify(document, null, 2)}\n`),
    },
  };
}
