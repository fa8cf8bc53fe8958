import { bucketEncryption, noPublicAccess } from "../bucket-properties.ts";
import { join, ref, sub } from "../intrinsics.ts";
import type { Resource } from "../template.ts";

/** CloudFormation empties it before it deletes it: images of an environment in another account are out of the user's reach. */
export const taskGroupRepository: Resource = {
  Metadata: { "aws:copilot:description": "An ECR repository to store your container images" },
  Type: "AWS::ECR::Repository",
  Properties: {
    RepositoryName: join("-", ["copilot", ref("TaskName")]),
    EmptyOnDelete: true,
    RepositoryPolicyText: {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AllowPushPull",
          Effect: "Allow",
          Principal: { AWS: sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root") },
          Action: ["GetDownloadUrlForLayer", "BatchGetImage", "BatchCheckLayerAvailability", "PutImage"]
            .concat(["InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload"])
            .map((action) => `ecr:${action}`),
        },
      ],
    },
    LifecyclePolicy: {
      LifecyclePolicyText: JSON.stringify({
        rules: [
          {
            rulePriority: 1,
            selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 5 },
            action: { type: "expire" },
          },
        ],
      }),
    },
  },
};

/** What is in it is needed when a task starts, and never again. */
export const taskGroupBucket: Resource = {
  Metadata: { "aws:copilot:description": "An S3 bucket to hold .env files" },
  Type: "AWS::S3::Bucket",
  Properties: {
    VersioningConfiguration: { Status: "Enabled" },
    BucketEncryption: bucketEncryption,
    PublicAccessBlockConfiguration: noPublicAccess,
    LifecycleConfiguration: {
      Rules: [
        {
          Id: "DeleteEnvFilesRule",
          Status: "Enabled",
          Prefix: "manual/env-files",
          ExpirationInDays: 1,
          NoncurrentVersionExpirationInDays: 1,
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
        },
      ],
    },
  },
};

export const taskGroupBucketPolicy: Resource = {
  Metadata: { "aws:copilot:description": "A policy to allow file uploads to the S3 bucket" },
  Type: "AWS::S3::BucketPolicy",
  Properties: {
    Bucket: ref("S3Bucket"),
    PolicyDocument: {
      Version: "2012-10-17",
      Statement: [
        {
          Action: ["s3:*"],
          Effect: "Allow",
          Resource: [sub("arn:${AWS::Partition}:s3:::${S3Bucket}"), sub("arn:${AWS::Partition}:s3:::${S3Bucket}/*")],
          Principal: { AWS: sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root") },
        },
      ],
    },
  },
};
