import { getAtt, join, ref, sub } from "../intrinsics.ts";
import type { Resource, Value } from "../template.ts";
import { hasOwnLogBucket } from "./access-logs.ts";
import type { EnvironmentInput } from "./environment-input.ts";
import { permissionsAnywhere } from "./manager-permissions.ts";

type Statement = Record<string, Value>;

/** The role with which CloudFormation makes what workloads of the environment consist of. It stays when the stack goes:
 *  the stack is deleted with it. */
export function executionRole(): Resource {
  return {
    Metadata: { "aws:copilot:description": "The role with which CloudFormation manages resources" },
    DeletionPolicy: "Retain",
    Type: "AWS::IAM::Role",
    Properties: {
      RoleName: sub("${AWS::StackName}-CFNExecutionRole"),
      AssumeRolePolicyDocument: assumedBy({ Service: ["cloudformation.amazonaws.com"] }),
      Path: "/",
      Policies: [
        {
          PolicyName: "executeCfn",
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: [
              { Effect: "Allow", NotAction: ["organizations:*", "account:*"], Resource: "*" },
              {
                Effect: "Allow",
                Action: ["organizations:DescribeOrganization", "account:ListRegions"],
                Resource: "*",
              },
            ],
          },
        },
      ],
    },
  };
}

/** The role with which people of the application's account look after the environment. */
export function managerRole(input: EnvironmentInput): Resource {
  return {
    Metadata: { "aws:copilot:description": "The role with which the environment is looked after" },
    DeletionPolicy: "Retain",
    Type: "AWS::IAM::Role",
    DependsOn: "CloudformationExecutionRole",
    Properties: {
      RoleName: sub("${AWS::StackName}-EnvManagerRole"),
      AssumeRolePolicyDocument: assumedBy({ AWS: ref("ToolsAccountPrincipalARN") }),
      Path: "/",
      Policies: [
        {
          PolicyName: "root",
          PolicyDocument: {
            Version: "2012-10-17",
            Statement: inCopilotsOrder([
              ...importedCertificates(input),
              ...Object.entries(permissionsAnywhere).map(([sid, actions]) => allow(sid, [...actions], "*")),
              ...permissionsOnOwn,
              ...emptiesLogBucket(input),
              ...artifactBucket(input),
            ]),
          },
        },
      ],
    },
  };
}

/** CloudFormation takes another order for a change. */
const copilotsOrder = (
  "ImportedCertificates CloudwatchLogs Cloudwatch ECS ExecuteCommand StartStateMachine CloudFormation " +
  "GetAndPassCopilotRoles ECR ResourceGroups SSM SSMSecret SSMSession ELBv2 BuiltArtifactAccess " +
  "EmptyELBAccessLogsBucket PutObjectsToArtifactBucket EncryptObjectsInArtifactBucket EC2 AppRunner Tags " +
  "ApplicationAutoscaling DeleteRoles DeleteEnvStack RDS"
).split(" ");

function inCopilotsOrder(statements: Statement[]): Statement[] {
  return statements.toSorted(
    (a, b) => copilotsOrder.indexOf(String(a["Sid"])) - copilotsOrder.indexOf(String(b["Sid"])),
  );
}

function assumedBy(principal: Value): Value {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }] };
}

function allow(sid: string, actions: string[], resource: Value): Statement {
  return { Sid: sid, Effect: "Allow", Action: actions, Resource: resource };
}

function taggedAsOurs(service: "aws:ResourceTag" | "iam:ResourceTag"): Statement {
  return {
    Condition: {
      StringEquals: {
        [`${service}/copilot-application`]: sub("${AppName}"),
        [`${service}/copilot-environment`]: sub("${EnvironmentName}"),
      },
    },
  };
}

/** What it may do with things of the environment alone. */
const permissionsOnOwn: Statement[] = [
  {
    ...allow("ExecuteCommand", ["ecs:ExecuteCommand", "ssm:StartSession"], "*"),
    ...taggedAsOurs("aws:ResourceTag"),
  },
  allow(
    "StartStateMachine",
    ["states:StartExecution", "states:DescribeStateMachine"],
    [sub("arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:${AppName}-${EnvironmentName}-*")],
  ),
  {
    ...allow("GetAndPassCopilotRoles", ["iam:GetRole", "iam:PassRole"], "*"),
    ...taggedAsOurs("iam:ResourceTag"),
  },
  allow(
    "SSMSecret",
    ["ssm:PutParameter", "ssm:AddTagsToResource"],
    [
      sub(
        "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/copilot/${AppName}/${EnvironmentName}/secrets/*",
      ),
    ],
  ),
  allow(
    "SSMSession",
    ["ssm:StartSession"],
    [sub("arn:${AWS::Partition}:ssm:${AWS::Region}::document/AWS-StartPortForwardingSessionToRemoteHost")],
  ),
  allow(
    "DeleteRoles",
    ["iam:DeleteRole", "iam:ListRolePolicies", "iam:DeleteRolePolicy"],
    [
      getAtt("CloudformationExecutionRole.Arn"),
      sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${AWS::StackName}-EnvManagerRole"),
    ],
  ),
  allow(
    "DeleteEnvStack",
    ["cloudformation:DescribeStacks", "cloudformation:DeleteStack"],
    [sub("arn:${AWS::Partition}:cloudformation:${AWS::Region}:${AWS::AccountId}:stack/${AWS::StackName}/*")],
  ),
];

function importedCertificates({ plan }: EnvironmentInput): Statement[] {
  const { publicLoadBalancer, internalLoadBalancer, cdn } = plan;
  const all = [...publicLoadBalancer.certificates, ...internalLoadBalancer.certificates, cdn?.certificate ?? []].flat();
  return all.length === 0 ? [] : [allow("ImportedCertificates", ["acm:DescribeCertificate"], all)];
}

function emptiesLogBucket({ plan }: EnvironmentInput): Statement[] {
  if (!hasOwnLogBucket(plan)) return [];
  const objects = join("/", [getAtt("ELBAccessLogsBucket.Arn"), "*"]);
  return [allow("EmptyELBAccessLogsBucket", ["s3:EmptyBucket"], objects)];
}

function artifactBucket({ facts: { partition, artifacts } }: EnvironmentInput): Statement[] {
  const bucket = `arn:${partition}:s3:::${artifacts.bucket}`;
  return [
    allow("PutObjectsToArtifactBucket", ["s3:PutObject", "s3:PutObjectAcl"], [bucket, `${bucket}/*`]),
    allow("EncryptObjectsInArtifactBucket", ["kms:GenerateDataKey"], artifacts.kmsKeyArn),
  ];
}
