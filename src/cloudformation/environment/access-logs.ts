import type { EnvironmentPlan } from "../../plan/environment-plan.ts";
import { bucketEncryption, noPublicAccess } from "../bucket-properties.ts";
import { findInMap, getAtt, join, ref, sub, subWith } from "../intrinsics.ts";
import type { EnvironmentInput } from "./environment-input.ts";
import type { Resource, Resources, Template, Value } from "../template.ts";
import { createAlb } from "./conditions.ts";

/** Whether the environment has a bucket of its own for the logs of its load balancer. */
export function hasOwnLogBucket({ publicLoadBalancer: { accessLogs } }: EnvironmentPlan): boolean {
  return accessLogs !== undefined && accessLogs.bucket === undefined;
}

/** What has to be there before the load balancer writes logs. */
export function ownLogBucketPolicy(plan: EnvironmentPlan): string | undefined {
  return hasOwnLogBucket(plan) ? "ELBAccessLogsBucketPolicy" : undefined;
}

export function accessLogAttributes({ publicLoadBalancer: { accessLogs } }: EnvironmentPlan): Value[] {
  if (accessLogs === undefined) return [{ Key: "access_logs.s3.enabled", Value: false }];
  const { bucket = ref("ELBAccessLogsBucket"), prefix } = accessLogs;
  return [
    { Key: "access_logs.s3.enabled", Value: true },
    ...(prefix === undefined ? [] : [{ Key: "access_logs.s3.prefix", Value: prefix }]),
    { Key: "access_logs.s3.bucket", Value: bucket },
  ];
}

/** The bucket for the logs of the load balancer, which Elastic Load Balancing may write to. */
export function accessLogBucket({ plan, facts }: EnvironmentInput): Resources {
  if (!hasOwnLogBucket(plan)) return {};
  const { prefix } = plan.publicLoadBalancer.accessLogs ?? {};
  const objects = [ref("ELBAccessLogsBucket"), ...(prefix === undefined ? [] : ["/", prefix]), "/AWSLogs/"];
  return {
    ELBAccessLogsBucketPolicy: {
      Type: "AWS::S3::BucketPolicy",
      Condition: createAlb,
      DependsOn: "ELBAccessLogsBucket",
      Properties: {
        Bucket: ref("ELBAccessLogsBucket"),
        PolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Action: ["s3:PutObject"],
              Effect: "Allow",
              Resource: [join("", ["arn:", ref("AWS::Partition"), ":s3:::", ...objects, ref("AWS::AccountId"), "/*"])],
              Principal: writer(facts.region),
            },
          ],
        },
      },
    },
    ELBAccessLogsBucketCleanerRole: cleanerRole,
    ELBAccessLogsBucket: {
      Metadata: { "aws:copilot:description": "A bucket for the logs of the load balancer" },
      Type: "AWS::S3::Bucket",
      Properties: {
        VersioningConfiguration: { Status: "Enabled" },
        BucketEncryption: bucketEncryption,
        PublicAccessBlockConfiguration: noPublicAccess,
      },
    },
  };
}

/** The role of the function with which Copilot emptied the bucket. The function is gone; a role costs nothing, and stays for
 *  whatever empties the bucket before the stack is deleted. */
const cleanerRole: Resource = {
  Metadata: { "aws:copilot:description": "The role with which the bucket of the logs is emptied" },
  Type: "AWS::IAM::Role",
  Properties: {
    AssumeRolePolicyDocument: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: ["lambda.amazonaws.com"] }, Action: ["sts:AssumeRole"] }],
    },
    Path: "/",
    Policies: [
      {
        PolicyName: "CleanELBAccessLogs",
        PolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: ["s3:ListBucket", "s3:ListBucketVersions", "s3:DeleteObject", "s3:DeleteObjectVersion"],
              Resource: [
                getAtt("ELBAccessLogsBucket.Arn"),
                subWith("${ BucketARN }/*", { BucketARN: getAtt("ELBAccessLogsBucket.Arn") }),
              ],
            },
          ],
        },
      },
    ],
    ManagedPolicyArns: [sub("arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")],
  },
};

const balancingAccount = findInMap("RegionalConfigs", ref("AWS::Region"), "ElbAccountId");

/** Who writes the logs. In regions newer than these accounts it is a service; Copilot's template has nobody there. */
function writer(region: string): Value {
  if (!Object.hasOwn(accounts, region)) return { Service: "logdelivery.elasticloadbalancing.amazonaws.com" };
  return { AWS: join("", [sub("arn:${AWS::Partition}:iam::"), balancingAccount, ":root"]) };
}

/** The accounts from which Elastic Load Balancing writes, by region. Source: its guide, "Enable access logs". */
const accounts: Readonly<Record<string, string>> = {
  "us-east-1": "127311923021",
  "us-east-2": "033677994240",
  "us-west-1": "027434742980",
  "us-west-2": "797873946194",
  "af-south-1": "098369216593",
  "ca-central-1": "985666609251",
  "eu-central-1": "054676820928",
  "eu-west-1": "156460612806",
  "eu-west-2": "652711504416",
  "eu-south-1": "635631232127",
  "eu-west-3": "009996457667",
  "eu-north-1": "897822967062",
  "ap-east-1": "754344448648",
  "ap-northeast-1": "582318560864",
  "ap-northeast-2": "600734575887",
  "ap-northeast-3": "383597477331",
  "ap-southeast-1": "114774131450",
  "ap-southeast-2": "783225319266",
  "ap-southeast-3": "589379963580",
  "ap-south-1": "718504428378",
  "me-south-1": "076674570225",
  "sa-east-1": "507241528517",
  "us-gov-west-1": "048591011584",
  "us-gov-east-1": "190560391635",
  "cn-north-1": "638102146993",
  "cn-northwest-1": "037604701340",
};

export function accessLogMappings(plan: EnvironmentPlan): Pick<Template, "Mappings"> {
  if (!hasOwnLogBucket(plan)) return {};
  const byRegion = Object.entries(accounts).map(([region, account]) => [region, { ElbAccountId: account }]);
  return { Mappings: { RegionalConfigs: Object.fromEntries(byRegion) } };
}
