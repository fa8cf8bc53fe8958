import { allow, assumedByManager, policy } from "../deploying-role.ts";
import { bucketEncryption, noPublicAccess } from "../bucket-properties.ts";
import { getAtt, ref, sub, subWith } from "../intrinsics.ts";
import type { Resource } from "../template.ts";

/** The bucket that holds the site's files, all versions of them. */
export function bucket(): Resource {
  return {
    Metadata: { "aws:copilot:description": "An S3 Bucket to store the static site's assets" },
    Type: "AWS::S3::Bucket",
    Properties: {
      VersioningConfiguration: { Status: "Enabled" },
      AccessControl: "Private",
      BucketEncryption: bucketEncryption,
      PublicAccessBlockConfiguration: noPublicAccess,
      OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
    },
  };
}

/** The site's own distribution may read, and nobody without TLS may do anything. */
export function bucketPolicy(): Resource {
  const name = { bucket: ref("Bucket") };
  return {
    Metadata: {
      "aws:copilot:description": "A bucket policy to grant CloudFront read access to the Static Site bucket",
    },
    Type: "AWS::S3::BucketPolicy",
    Properties: {
      Bucket: ref("Bucket"),
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Sid: "ForceHTTPS",
            Effect: "Deny",
            Principal: "*",
            Action: "s3:*",
            Resource: [sub("${Bucket.Arn}"), sub("${Bucket.Arn}/*")],
            Condition: { Bool: { "aws:SecureTransport": false } },
          },
          {
            Sid: "AllowCloudFrontServicePrincipalReadOnly",
            Effect: "Allow",
            Principal: { Service: "cloudfront.amazonaws.com" },
            Action: "s3:GetObject",
            Resource: [
              subWith("arn:${AWS::Partition}:s3:::${bucket}", name),
              subWith("arn:${AWS::Partition}:s3:::${bucket}/*", name),
            ],
            Condition: {
              StringEquals: {
                "AWS:SourceArn": subWith(
                  "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${cfDistributionID}",
                  { cfDistributionID: ref("CloudFrontDistribution") },
                ),
              },
            },
          },
        ],
      },
    },
  };
}

/** Whoever manages the environment may empty the bucket, so that the site can be deleted. */
export function environmentManagerAccess(): Resource {
  return {
    Metadata: {
      "aws:copilot:description": "A policy that gives the Env Manager role access to this site's S3 Bucket",
    },
    Type: "AWS::IAM::Policy",
    Properties: {
      Roles: [sub("${AppName}-${EnvName}-EnvManagerRole")],
      PolicyName: sub("${WorkloadName}-S3Access"),
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: ["s3:ListBucket", "s3:ListBucketVersions", "s3:DeleteObject", "s3:DeleteObjectVersion"],
            Resource: [sub("arn:aws:s3:::${Bucket}"), sub("arn:aws:s3:::${Bucket}/*")],
          },
        ],
      },
    },
  };
}

/** The logical ID that Copilot gave the role of what copied the files. */
export const uploaderRole = "CopyAssetsStateMachineRole";

/** Whoever manages the environment may take on a role that puts the site's files where they are served from. */
export function uploader(): Resource {
  return {
    Metadata: { "aws:copilot:description": "The role with which the site's files are uploaded" },
    Type: "AWS::IAM::Role",
    Properties: {
      ...assumedByManager(
        sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${AppName}-${EnvName}-EnvManagerRole"),
      ),
      Policies: [
        policy("UploadFiles", [
          allow(["s3:ListBucket"], getAtt("Bucket.Arn")),
          allow(["s3:PutObject"], sub("${Bucket.Arn}/*")),
          allow(
            ["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation", "cloudfront:ListInvalidations"],
            sub("arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${CloudFrontDistribution}"),
          ),
        ]),
      ],
    },
  };
}
