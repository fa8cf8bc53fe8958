import type { AwsCall } from "./calls.ts";

/** How policies call the services whose clients have another name. Source: Service Authorization Reference. */
const prefixes: Record<string, string> = {
  ApplicationAutoScaling: "application-autoscaling",
  CloudWatchLogs: "logs",
  ECRPUBLIC: "ecr-public",
  EFS: "elasticfilesystem",
  ElasticLoadBalancingV2: "elasticloadbalancing",
  "Route 53": "route53",
  "Service Quotas": "servicequotas",
  ResourceGroupsTaggingAPI: "tag",
  SFN: "states",
};

/** Operations that are allowed under another name. */
const renamed: Record<string, string> = {
  "s3:HeadObject": "s3:GetObject",
  "s3:HeadBucket": "s3:ListBucket",
  "s3:ListObjectsV2": "s3:ListBucket",
  "s3:DeleteObjects": "s3:DeleteObject",
  "s3:UploadPart": "s3:PutObject",
  "s3:CreateMultipartUpload": "s3:PutObject",
  "s3:CompleteMultipartUpload": "s3:PutObject",
};

/** The action that a policy must allow for a call: `ecs:UpdateService`. */
export function actionOf({ service, operation }: AwsCall): string {
  const action = `${prefixes[service] ?? service.toLowerCase()}:${operation}`;
  return renamed[action] ?? action;
}
