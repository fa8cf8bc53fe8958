import { environmentDomainRole } from "../../plan/domain-names.ts";
import { allow, assumedByManager, policy } from "../deploying-role.ts";
import { getAtt, ref, sub } from "../intrinsics.ts";
import type { Resource, Resources, Value } from "../template.ts";
import { hasOwnLogBucket } from "./access-logs.ts";
import { delegateDns } from "./conditions.ts";
import type { EnvironmentInput } from "./environment-input.ts";

/** Roles for what a deployment does itself, under the logical IDs of those that Copilot's functions did it with. The manager's
 *  role takes them on: what they may do is no right of its own. */
export function deployingRoles({ plan }: EnvironmentInput): Resources {
  const hasZone = plan.publicLoadBalancer.certificates.length === 0;
  return {
    CustomResourceRole: {
      Metadata: { "aws:copilot:description": "The role with which certificates are requested and names are written" },
      Condition: delegateDns,
      Type: "AWS::IAM::Role",
      Properties: {
        RoleName: sub(environmentDomainRole("${AppName}", "${EnvironmentName}")),
        ...assumedByManager(getAtt("EnvironmentManagerRole.Arn")),
        Policies: [policy("ManageDomain", domainStatements(hasZone))],
      },
    },
    ...(hasOwnLogBucket(plan) && { BucketCleanerRole: bucketCleaner }),
  };
}

function domainStatements(hasZone: boolean): Value[] {
  return [
    allow(
      ["Request", "Describe", "Delete", "AddTagsTo", "ListTagsFor"]
        .map((verb) => `acm:${verb}Certificate`)
        .concat("acm:ListCertificates"),
      "*",
    ),
    allow(
      ["ListHostedZonesByName", "GetHostedZone", "ListResourceRecordSets", "GetChange"].map(
        (verb) => `route53:${verb}`,
      ),
      "*",
    ),
    ...(hasZone
      ? [
          allow(
            ["route53:ChangeResourceRecordSets"],
            sub("arn:${AWS::Partition}:route53:::hostedzone/${EnvironmentHostedZone}"),
          ),
        ]
      : []),
    allow(
      ["AssociateCustomDomain", "DisassociateCustomDomain", "DescribeCustomDomains"].map((verb) => `apprunner:${verb}`),
      "*",
    ),
    allow(["sts:AssumeRole"], ref("AppDNSDelegationRole")),
  ];
}

const bucketCleaner: Resource = {
  Metadata: { "aws:copilot:description": "The role with which the bucket of the logs is emptied before it is deleted" },
  Type: "AWS::IAM::Role",
  Properties: {
    ...assumedByManager(getAtt("EnvironmentManagerRole.Arn")),
    Policies: [
      policy("EmptyBucket", [
        allow(["s3:ListBucketVersions"], getAtt("ELBAccessLogsBucket.Arn")),
        allow(["s3:DeleteObject", "s3:DeleteObjectVersion"], sub("${ELBAccessLogsBucket.Arn}/*")),
      ]),
    ],
  },
};
