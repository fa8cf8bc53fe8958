import type { StaticSitePlan } from "../../plan/static-site-plan.ts";
import { type AddonsInput, addonsStack } from "../addons-stack.ts";
import type { StackFacts } from "../facts.ts";
import { equals, getAtt, not, ref, sub } from "../intrinsics.ts";
import type { Packaged } from "../packaged.ts";
import { type Output, present, type Template, templateVersion } from "../template.ts";
import { bucket, bucketPolicy, environmentManagerAccess, uploader, uploaderRole } from "./bucket.ts";
import { certificateParameter, distribution, originAccessControl, rewriteFunction, shortName } from "./distribution.ts";

interface StaticSiteGiven {
  /** The manifest's text, which Copilot keeps in the template. */
  manifest: string;
  addons?: AddonsInput;
  /** In hexadecimal digits. */
  sha256(text: string): string;
}

/** The stack of a site that CloudFront serves from a bucket, with Copilot's logical IDs, names and parameters. Copying
 *  files into the bucket, requesting a certificate and writing DNS records are no part of it. */
export function staticSiteStack(plan: StaticSitePlan, facts: StackFacts, given: StaticSiteGiven): Packaged {
  const { alias = "" } = plan;
  const certificate = facts.siteCertificates?.[alias];
  const lacksCertificate = requestsCertificate(plan) && certificate === undefined;
  return {
    template: template(plan, given),
    parameters: {
      AppName: plan.app,
      EnvName: plan.env,
      WorkloadName: plan.name,
      AddonsTemplateURL: "",
      ArtifactKeyARN: facts.artifacts.kmsKeyArn,
      ...(requestsCertificate(plan) && certificate !== undefined && { [certificateParameter]: certificate }),
    },
    missing: lacksCertificate
      ? [
          {
            path: ["http", "alias"],
            message: `the certificate for ${alias} is not known, and CloudFront needs it`,
            hint: `a deployment to AWS requests it; for a template alone, give its ARN in the facts: "siteCertificates": { "${alias}": "arn:aws:acm:us-east-1:…" }`,
          },
        ]
      : [],
  };
}

function requestsCertificate({ alias, certificate }: StaticSitePlan): boolean {
  return alias !== undefined && certificate === undefined;
}

function template(plan: StaticSitePlan, { manifest, addons, sha256 }: StaticSiteGiven): Template {
  const name = shortName(plan, sha256);
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "CloudFormation template that represents a static site backed by S3.",
    Metadata: { Version: templateVersion, Manifest: manifest },
    Parameters: {
      AppName: { Type: "String" },
      EnvName: { Type: "String" },
      WorkloadName: { Type: "String" },
      AddonsTemplateURL: {
        Type: "String",
        Description: "URL of the addons nested stack template within the S3 bucket.",
        Default: "",
      },
      ArtifactKeyARN: { Type: "String", Description: "KMS Key used for encrypting artifacts" },
      ...(requestsCertificate(plan) && {
        [certificateParameter]: { Type: "String", Description: "ARN of the certificate of the site's alias." },
      }),
    },
    Conditions: { HasAddons: not(equals(ref("AddonsTemplateURL"), "")) },
    Resources: present({
      Bucket: bucket(),
      BucketPolicyForCloudFront: bucketPolicy(),
      CloudFrontOriginAccessControl: originAccessControl(name),
      CloudFrontViewerRequestRewriteFunction: rewriteFunction(name),
      CloudFrontDistribution: distribution(plan),
      EnvManagerS3Access: environmentManagerAccess(),
      [uploaderRole]: uploader(),
      AddonsStack: addonsStack(addons),
    }),
    Outputs: outputs(plan),
  };
}

function outputs({ alias }: StaticSitePlan): Record<string, Output> {
  const exported = (name: string) => ({ Name: sub(`\${AWS::StackName}-${name}`) });
  return {
    CloudFrontDistributionDomainName: {
      Value: getAtt("CloudFrontDistribution.DomainName"),
      Export: exported("CloudFrontDistributionDomainName"),
    },
    ...(alias !== undefined && {
      CloudFrontDistributionAlternativeDomainName: {
        Value: alias,
        Export: exported("CloudFrontDistributionAlternativeDomainName"),
      },
    }),
  };
}
