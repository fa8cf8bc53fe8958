import { ref, sub } from "../intrinsics.ts";
import type { Resource } from "../template.ts";
import { connectionArn } from "./connection.ts";
import { artifactStores, managerRoleArn, type PipelineInput } from "./pipeline-input.ts";
import { allow, assumedBy, bucketArns } from "./statements.ts";

export function pipelineRole(): Resource {
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: assumedBy("codepipeline.amazonaws.com"),
      Path: "/",
    },
  };
}

export function pipelinePolicy(input: PipelineInput): Resource {
  const { source, stages } = input.plan;
  const connection = connectionArn(input);
  const stores = artifactStores(input);
  return {
    Type: "AWS::IAM::Policy",
    Properties: {
      PolicyName: sub("${AWS::StackName}-CodepipelinePolicy"),
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          allow([...codeCommitActions, ...readsRepository(source), ...pipelineActions], ["*"]),
          ...(connection === undefined ? [] : [allow(connectionActions, [connection])]),
          allow(
            ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
            stores.map(({ kmsKeyArn }) => kmsKeyArn),
          ),
          allow(
            [
              "s3:PutObject",
              "s3:GetBucketPolicy",
              "s3:GetObject",
              "s3:ListBucket",
              ...(connection === undefined ? [] : ["s3:PutObjectAcl", "s3:GetObjectAcl"]),
            ],
            bucketArns(input),
          ),
          allow(
            ["sts:AssumeRole"],
            stages.map(({ env }) => managerRoleArn(input, env)),
          ),
        ],
      },
      Roles: [ref("PipelineRole")],
    },
  };
}

function readsRepository(source: PipelineInput["plan"]["source"]): string[] {
  return source.provider === "CodeCommit" && source.outputFormat !== undefined ? ["codecommit:GetRepository"] : [];
}

const codeCommitActions = [
  "codepipeline:*",
  "codecommit:GetBranch",
  "codecommit:GetCommit",
  "codecommit:UploadArchive",
  "codecommit:GetUploadArchiveStatus",
  "codecommit:CancelUploadArchive",
];

const pipelineActions = [
  "iam:ListRoles",
  "cloudformation:Describe*",
  "cloudFormation:List*",
  "codebuild:BatchGetBuilds",
  "codebuild:StartBuild",
  "cloudformation:CreateStack",
  "cloudformation:DeleteStack",
  "cloudformation:DescribeStacks",
  "cloudformation:UpdateStack",
  "cloudformation:CreateChangeSet",
  "cloudformation:DeleteChangeSet",
  "cloudformation:DescribeChangeSet",
  "cloudformation:ExecuteChangeSet",
  "cloudformation:SetStackPolicy",
  "cloudformation:ValidateTemplate",
  "iam:PassRole",
  "s3:ListAllMyBuckets",
  "s3:GetBucketLocation",
];

const connectionActions = [
  "CreateConnection",
  "DeleteConnection",
  "GetConnection",
  "ListConnections",
  "GetIndividualAccessToken",
  "GetInstallationUrl",
  "ListInstallationTargets",
  "StartOAuthHandshake",
  "UpdateConnectionInstallation",
  "UseConnection",
  "RegisterAppCode",
  "StartAppRegistrationHandshake",
  "StartUploadArchiveToS3",
  "GetUploadArchiveToS3Status",
  "PassConnection",
  "PassedToService",
].map((name) => `codestar-connections:${name}`);
