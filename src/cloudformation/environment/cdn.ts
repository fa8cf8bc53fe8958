import type { CdnPlan } from "../../plan/environment-plan.ts";
import { getAtt, ifCondition, noValue, ref, sub } from "../intrinsics.ts";
import type { Resources, Value } from "../template.ts";
import { createAlb, delegateDns } from "./conditions.ts";
import type { EnvironmentInput } from "./environment-input.ts";
import { takesDomainCertificate } from "./load-balancers.ts";

/** The parameter with the certificate of the application's domain in us-east-1. */
export const cdnCertificateParameter = "CDNCertificateARN";
/** The parameter with the names that the distribution answers to. */
export const cdnAliasesParameter = "CDNAliases";
export const hasCdnAliases = "HasCDNAliases";

/** Whether the distribution answers to names of its own: it has a certificate for them. */
export function takesAliases({ plan, facts }: EnvironmentInput): boolean {
  return plan.cdn !== undefined && (plan.cdn.certificate !== undefined || facts.domain !== undefined);
}

/** Whether the distribution stands on the certificate of the application's domain. */
export function takesDomainCertificateForCdn({ plan }: EnvironmentInput): boolean {
  return plan.cdn !== undefined && plan.cdn.certificate === undefined && takesDomainCertificate(plan);
}

/** The distribution of CloudFront before the public load balancer. */
export function cdn(input: EnvironmentInput): Resources {
  const { cdn: planned } = input.plan;
  if (planned === undefined) return {};
  const { terminatesTls, staticAssets } = planned;
  return {
    ...(staticAssets !== undefined && { CloudFrontOriginAccessControl: originAccess }),
    CloudFrontDistribution: {
      Metadata: { "aws:copilot:description": "A distribution of CloudFront before the load balancer" },
      Condition: createAlb,
      Type: "AWS::CloudFront::Distribution",
      Properties: {
        DistributionConfig: {
          ...(takesAliases(input) && { Aliases: ifCondition(hasCdnAliases, ref(cdnAliasesParameter)) }),
          DefaultCacheBehavior: {
            AllowedMethods: methods,
            CachePolicyId: cachingDisabled,
            TargetOriginId: loadBalancerOrigin,
            OriginRequestPolicyId: allViewer,
            ViewerProtocolPolicy: terminatesTls ? "redirect-to-https" : "allow-all",
          },
          Enabled: true,
          IPV6Enabled: true,
          Origins: [
            {
              Id: loadBalancerOrigin,
              DomainName: getAtt("PublicLoadBalancer.DNSName"),
              CustomOriginConfig: { OriginProtocolPolicy: terminatesTls ? "http-only" : "match-viewer" },
            },
            ...staticOrigin(planned),
          ],
          ...(staticAssets !== undefined && {
            CacheBehaviors: [
              {
                AllowedMethods: methods,
                ViewerProtocolPolicy: "allow-all",
                CachePolicyId: cachingOptimized,
                TargetOriginId: bucketOrigin,
                PathPattern: staticAssets.path,
              },
            ],
          }),
          ...viewerCertificate(input),
        },
      },
    },
  };
}

const methods = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"];
const loadBalancerOrigin = sub("copilot-${AppName}-${EnvironmentName}-origin");
const bucketOrigin = sub("copilot-${AppName}-${EnvironmentName}-s3");

/** CloudFront's managed policies, the same in every account. */
const cachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const cachingOptimized = "658327ea-f89d-4fab-a63d-7e88639e58f6";
const allViewer = "216adef6-5c7f-47e4-b989-5492eafa07d3";

function staticOrigin({ staticAssets }: CdnPlan): Value[] {
  if (staticAssets === undefined) return [];
  return [
    {
      Id: bucketOrigin,
      DomainName: staticAssets.location,
      OriginAccessControlId: ref("CloudFrontOriginAccessControl"),
      S3OriginConfig: { OriginAccessIdentity: "" },
    },
  ];
}

function viewerCertificate(input: EnvironmentInput): Record<string, Value> {
  const withArn = (arn: Value) => ({
    AcmCertificateArn: arn,
    MinimumProtocolVersion: "TLSv1",
    SslSupportMethod: "sni-only",
  });
  const own = input.plan.cdn?.certificate;
  if (own !== undefined) return { ViewerCertificate: withArn(own) };
  if (!takesDomainCertificateForCdn(input)) return {};
  return { ViewerCertificate: ifCondition(delegateDns, withArn(ref(cdnCertificateParameter)), noValue) };
}

/** Whether there are names; a list of none is one empty text to CloudFormation. */
export const cdnAliasesGiven: Value = {
  "Fn::Not": [{ "Fn::Equals": [{ "Fn::Join": [",", ref(cdnAliasesParameter)] }, ""] }],
};

const originAccess = {
  Metadata: { "aws:copilot:description": "Lets CloudFront alone read the bucket with the static files" },
  Type: "AWS::CloudFront::OriginAccessControl",
  Properties: {
    OriginAccessControlConfig: {
      Description: "Access control for static s3 origin",
      Name: sub("copilot-${AppName}-${EnvironmentName}-origin-access-control"),
      OriginAccessControlOriginType: "s3",
      SigningBehavior: "always",
      SigningProtocol: "sigv4",
    },
  },
};
