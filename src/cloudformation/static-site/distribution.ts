import type { StaticSitePlan } from "../../plan/static-site-plan.ts";
import { getAtt, ref, sub } from "../intrinsics.ts";
import type { Resource, Value } from "../template.ts";

/** The parameter with the ARN of the certificate that was requested for the alias. */
export const certificateParameter = "AliasCertificateARN";

/** CloudFront alone may read from the bucket. */
export function originAccessControl(name: string): Resource {
  return {
    Metadata: {
      "aws:copilot:description":
        "Access control to make the content in the S3 bucket only accessible through CloudFront",
    },
    Type: "AWS::CloudFront::OriginAccessControl",
    Properties: {
      OriginAccessControlConfig: {
        Description: sub("Access control for static s3 origin for ${AppName}-${EnvName}-${WorkloadName}"),
        Name: name,
        OriginAccessControlOriginType: "s3",
        SigningBehavior: "always",
        SigningProtocol: "sigv4",
      },
    },
  };
}

/** A folder is answered with its index.html. */
export function rewriteFunction(name: string): Resource {
  const comment = "CloudFront Function to rewrite viewer request to index.html";
  return {
    Metadata: { "aws:copilot:description": comment },
    Type: "AWS::CloudFront::Function",
    Properties: {
      AutoPublish: true,
      FunctionCode: rewriteCode,
      FunctionConfig: { Comment: comment, Runtime: "cloudfront-js-1.0" },
      Name: name,
    },
  };
}

/** To the letter what deployed sites have, so that an update leaves the function alone. */
const rewriteCode =
  "function handler(event){var request=event.request;var uri=request.uri;if(uri.endsWith('/')){request.uri+='index.html'}else if(!uri.includes('.')){request.uri+='/index.html'}return request}\n";

/** CloudFront's managed policy CachingOptimized. */
const cachePolicy = "658327ea-f89d-4fab-a63d-7e88639e58f6";

export function distribution({ alias, certificate }: StaticSitePlan): Resource {
  const origin = sub("copilot-${AppName}-${EnvName}-${WorkloadName}");
  return {
    Metadata: { "aws:copilot:description": "A CloudFront distribution for global content delivery" },
    Type: "AWS::CloudFront::Distribution",
    Properties: {
      DistributionConfig: {
        ...(alias !== undefined && { Aliases: [alias] }),
        DefaultCacheBehavior: {
          Compress: true,
          AllowedMethods: ["GET", "HEAD"],
          FunctionAssociations: [
            { EventType: "viewer-request", FunctionARN: getAtt("CloudFrontViewerRequestRewriteFunction.FunctionARN") },
          ],
          ViewerProtocolPolicy: "redirect-to-https",
          CachePolicyId: cachePolicy,
          TargetOriginId: origin,
        },
        Enabled: true,
        IPV6Enabled: true,
        Origins: [
          {
            Id: origin,
            DomainName: getAtt("Bucket.RegionalDomainName"),
            OriginAccessControlId: ref("CloudFrontOriginAccessControl"),
            // A bucket's origin needs the member although access is controlled in the newer way.
            S3OriginConfig: { OriginAccessIdentity: "" },
          },
        ],
        ...(alias !== undefined && { ViewerCertificate: viewerCertificate(certificate) }),
      },
    },
  };
}

function viewerCertificate(certificate: string | undefined): Value {
  return {
    AcmCertificateArn: certificate ?? ref(certificateParameter),
    MinimumProtocolVersion: "TLSv1",
    SslSupportMethod: "sni-only",
  };
}

const longestName = 58;

/** The site's name for CloudFront, which takes 64 characters: a longer one is cut, and told apart by its hash.
 *  @param sha256 in hexadecimal digits */
export function shortName({ app, env, name }: StaticSitePlan, sha256: (text: string) => string): string {
  const whole = `${app}-${env}-${name}`;
  if (whole.length <= longestName) return whole;
  return whole.slice(0, longestName) + sha256(whole).slice(0, 6);
}
