import { sub } from "../intrinsics.ts";
import type { Value } from "../template.ts";
import { connectionArn } from "./connection.ts";
import { artifactStores, type PipelineInput } from "./pipeline-input.ts";
import { allow, bucketArns } from "./statements.ts";

/** What a build may do: report, read and write artifacts, log, and push images to the application's repositories. */
export function buildPermissions(input: PipelineInput): Value {
  const { app } = input.plan;
  const keys = artifactStores(input).map(({ kmsKeyArn }) => kmsKeyArn);
  const { partition } = input.facts;
  return {
    Version: "2012-10-17",
    Statement: [
      allow(
        reportActions,
        sub(`arn:${partition}:codebuild:\${AWS::Region}:\${AWS::AccountId}:report-group/pipeline-${app}-*`),
      ),
      allow(["s3:PutObject", "s3:GetObject", "s3:GetObjectVersion"], bucketArns(input)),
      allow(["kms:*"], keys),
      allow(["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], `arn:${partition}:logs:*:*:*`),
      allow(["ecr:GetAuthorizationToken"], "*"),
      allow(imageActions, "*", { Condition: { StringEquals: { "ecr:ResourceTag/copilot-application": app } } }),
      ...clonesRepository(input),
    ],
  };
}

/** A build that gets a clone of the repository reads it itself. */
function clonesRepository(input: PipelineInput): Value[] {
  const { source } = input.plan;
  if (!("outputFormat" in source) || source.outputFormat !== "CODEBUILD_CLONE_REF") return [];
  const connection = connectionArn(input);
  if (connection !== undefined) return [allow(["codestar-connections:UseConnection"], connection)];
  const repository = `arn:\${AWS::Partition}:codecommit:\${AWS::Region}:\${AWS::AccountId}:${source.repository}`;
  return [allow(["codecommit:GitPull"], sub(repository))];
}

const reportActions = [
  "codebuild:CreateReportGroup",
  "codebuild:CreateReport",
  "codebuild:UpdateReport",
  "codebuild:BatchPutTestCases",
  "codebuild:BatchPutCodeCoverages",
];

const imageActions = [
  "ecr:DescribeImageScanFindings",
  "ecr:GetLifecyclePolicyPreview",
  "ecr:GetDownloadUrlForLayer",
  "ecr:BatchGetImage",
  "ecr:DescribeImages",
  "ecr:ListTagsForResource",
  "ecr:BatchCheckLayerAvailability",
  "ecr:GetLifecyclePolicy",
  "ecr:GetRepositoryPolicy",
  "ecr:PutImage",
  "ecr:InitiateLayerUpload",
  "ecr:UploadLayerPart",
  "ecr:CompleteLayerUpload",
];
