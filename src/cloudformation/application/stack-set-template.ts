import type { ApplicationPlan } from "../../plan/application-plan.ts";
import { noPublicAccess } from "../bucket-properties.ts";
import { getAtt, ref, sub } from "../intrinsics.ts";
import { type Output, type Resource, type Template, templateVersion, type Value } from "../template.ts";
import { accountRoot, policyDocument } from "./statements.ts";

/** The template of the stack set `{app}-infrastructure`, which has a stack in each region of the application: a bucket for
 *  artifacts, the key that encrypts them, and an image repository for each workload that has images. */
export function stackSetTemplate(plan: ApplicationPlan): Template {
  const { app, version, accounts } = plan;
  const repositories = plan.workloads.filter(({ withECR }) => withECR).map(({ name }) => name);
  const readers = [accountRoot(), ...accounts.map(accountRoot)];
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "Cross-regional resources to support the CodePipeline for a workspace",
    Metadata: {
      TemplateVersion: templateVersion,
      // What Copilot reads back before it writes the next version.
      Version: version,
      Workloads: plan.workloads.map(({ name, withECR }) => ({ Name: name, WithECR: withECR })),
      Accounts: accounts,
      // Versions of Copilot that know no `Workloads` want a list here; they stop instead of dropping repositories.
      Services: "See #5140",
    },
    Parameters: {},
    Conditions: {},
    Resources: {
      KMSKey: key(readers),
      PipelineBuiltArtifactBucketPolicy: bucketPolicy(readers),
      PipelineBuiltArtifactBucket: bucket,
      ...Object.fromEntries(repositories.map((name) => [repositoryId(name), repository(app, name, readers)])),
    },
    Outputs: {
      KMSKeyARN: {
        Value: getAtt("KMSKey.Arn"),
        Description: "The key that encrypts artifacts",
        Export: { Name: `${app}-ArtifactKey` },
      },
      PipelineBucket: { Value: ref(bucketId), Description: "The bucket for artifacts" },
      ...Object.fromEntries(repositories.map((name) => [repositoryId(name), repositoryOutput(name)])),
      TemplateVersion: { Value: templateVersion, Description: "A new version makes the stacks update." },
      StackSetOpId: { Value: String(version), Description: "Each change makes all stacks of the set update." },
    },
  };
}

const bucketId = "PipelineBuiltArtifactBucket";

/** Another rule than that of workloads' templates: one name for each workload, also for `a-b` beside `ab`. */
function repositoryId(workload: string): string {
  return `ECRRepo${workload.replaceAll("-", "DASH")}`;
}

function repositoryOutput(workload: string): Output {
  return { Value: getAtt(`${repositoryId(workload)}.Arn`), Description: `The image repository of ${workload}` };
}

const keyAdministration = ["Create*", "Describe*", "Enable*", "List*", "Put*", "Update*", "Revoke*", "Disable*"]
  .concat(["Get*", "Delete*", "ScheduleKeyDeletion", "CancelKeyDeletion", "Tag*", "UntagResource"])
  .map((action) => `kms:${action}`);

const keyUse = ["Encrypt", "Decrypt", "ReEncrypt*", "GenerateDataKey*", "DescribeKey"].map((action) => `kms:${action}`);

function key(users: Value[]): Resource {
  const statement = (principal: Value, actions: string[]) => ({
    Effect: "Allow",
    Principal: { AWS: principal },
    Action: actions,
    Resource: "*",
  });
  return {
    Metadata: { "aws:copilot:description": "The key that encrypts artifacts" },
    Type: "AWS::KMS::Key",
    Properties: {
      EnableKeyRotation: true,
      KeyPolicy: {
        Version: "2012-10-17",
        Id: ref("AWS::StackName"),
        Statement: [statement(accountRoot(), keyAdministration), statement(users, keyUse)],
      },
    },
  };
}

/** All accounts of the application may read and write; nothing is written with another encryption, or without TLS. */
function bucketPolicy(users: Value[]): Resource {
  const objects = sub(`arn:\${AWS::Partition}:s3:::\${${bucketId}}/*`);
  return {
    Metadata: { "aws:copilot:description": "Who may use the bucket for artifacts" },
    Type: "AWS::S3::BucketPolicy",
    DependsOn: bucketId,
    Properties: {
      Bucket: ref(bucketId),
      PolicyDocument: policyDocument(
        {
          Action: ["s3:*"],
          Effect: "Allow",
          Resource: [sub(`arn:\${AWS::Partition}:s3:::\${${bucketId}}`), objects],
          Principal: { AWS: users },
        },
        {
          Action: "s3:PutObject",
          Effect: "Deny",
          Resource: objects,
          Principal: "*",
          Condition: {
            StringNotEqualsIfExists: { "s3:x-amz-server-side-encryption": "aws:kms" },
            Null: { "s3:x-amz-server-side-encryption": false },
          },
        },
        {
          Sid: "ForceHTTPS",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [sub(`\${${bucketId}.Arn}`), sub(`\${${bucketId}.Arn}/*`)],
          Condition: { Bool: { "aws:SecureTransport": false } },
        },
      ),
    },
  };
}

const bucket: Resource = {
  Metadata: { "aws:copilot:description": "A bucket for artifacts" },
  Type: "AWS::S3::Bucket",
  Properties: {
    VersioningConfiguration: { Status: "Enabled" },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        {
          ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: getAtt("KMSKey.Arn") },
          BucketKeyEnabled: true,
        },
      ],
    },
    PublicAccessBlockConfiguration: noPublicAccess,
    OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
    LifecycleConfiguration: {
      Rules: [
        {
          Id: "ExpireLocalAssets",
          Status: "Enabled",
          Prefix: "local-assets",
          ExpirationInDays: 30,
          NoncurrentVersionExpirationInDays: 1,
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
        },
      ],
    },
  },
};

const pushAndPull = [
  "GetDownloadUrlForLayer",
  "BatchGetImage",
  "BatchCheckLayerAvailability",
  "PutImage",
  "InitiateLayerUpload",
  "UploadLayerPart",
  "CompleteLayerUpload",
].map((action) => `ecr:${action}`);

function repository(app: string, workload: string, users: Value[]): Resource {
  return {
    Metadata: { "aws:copilot:description": `The image repository of ${workload}` },
    Type: "AWS::ECR::Repository",
    Properties: {
      RepositoryName: `${app}/${workload}`,
      Tags: [{ Key: "copilot-service", Value: workload }],
      RepositoryPolicyText: policyDocument({
        Sid: "AllowPushPull",
        Effect: "Allow",
        Principal: { AWS: users },
        Action: pushAndPull,
      }),
    },
  };
}
