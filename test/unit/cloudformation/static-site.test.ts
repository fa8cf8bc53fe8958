import { expect, test } from "vitest";
import { staticSiteStack } from "../../../src/cloudformation/static-site/static-site-stack.ts";
import type { StaticSitePlan } from "../../../src/plan/static-site-plan.ts";
import { judged } from "../../support/template-check/judged.ts";

const facts = {
  account: "123456789012",
  region: "us-east-1",
  partition: "aws",
  artifacts: { bucket: "artifacts", kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1" },
};

function stack(more: Partial<StaticSitePlan> = {}, known: object = {}) {
  const plan: StaticSitePlan = { app: "shop", env: "test", name: "docs", type: "Static Site", files: [], ...more };
  const around = { manifest: "name: docs\n", sha256: () => "0123456789abcdef" };
  const made = staticSiteStack(plan, { ...facts, ...known }, around);
  return { ...made, template: judged(made.template) };
}

const distribution = (made: ReturnType<typeof stack>) =>
  made.template.Resources["CloudFrontDistribution"]?.Properties?.["DistributionConfig"] as Record<string, unknown>;

test("a site without a name of its own is served under CloudFront's", () => {
  const made = stack();
  expect(Object.keys(made.template.Resources)).toMatchInlineSnapshot(`
    [
      "Bucket",
      "BucketPolicyForCloudFront",
      "CloudFrontOriginAccessControl",
      "CloudFrontViewerRequestRewriteFunction",
      "CloudFrontDistribution",
      "EnvManagerS3Access",
      "CopyAssetsStateMachineRole",
      "AddonsStack",
    ]
  `);
  expect(Object.keys(made.template.Parameters)).not.toContain("AliasCertificateARN");
  expect(Object.keys(made.template.Outputs ?? {})).toEqual(["CloudFrontDistributionDomainName"]);
  expect(distribution(made)).not.toHaveProperty("Aliases");
  expect(distribution(made)).not.toHaveProperty("ViewerCertificate");
});

test("the certificate of an alias is the manifest's, or the parameter's", () => {
  const alias = "docs.example.com";
  const certificate = "arn:aws:acm:us-east-1:123456789012:certificate/1";
  const own = stack({ alias, certificate });
  expect(distribution(own)["ViewerCertificate"]).toMatchObject({ AcmCertificateArn: certificate });
  expect(Object.keys(own.template.Parameters)).not.toContain("AliasCertificateARN");
  const requested = stack({ alias });
  expect(distribution(requested)).toMatchObject({
    Aliases: [alias],
    ViewerCertificate: { AcmCertificateArn: { Ref: "AliasCertificateARN" } },
  });
  expect(requested.template.Parameters).toHaveProperty("AliasCertificateARN");
  expect(requested.template.Outputs).toMatchInlineSnapshot(`
    {
      "CloudFrontDistributionAlternativeDomainName": {
        "Export": {
          "Name": {
            "Fn::Sub": "\${AWS::StackName}-CloudFrontDistributionAlternativeDomainName",
          },
        },
        "Value": "docs.example.com",
      },
      "CloudFrontDistributionDomainName": {
        "Export": {
          "Name": {
            "Fn::Sub": "\${AWS::StackName}-CloudFrontDistributionDomainName",
          },
        },
        "Value": {
          "Fn::GetAtt": [
            "CloudFrontDistribution",
            "DomainName",
          ],
        },
      },
    }
  `);
  expect(requested.parameters).not.toHaveProperty("AliasCertificateARN");
  expect(stack({ alias }, { siteCertificates: { [alias]: certificate } }).parameters).toMatchObject({
    AliasCertificateARN: certificate,
  });
});

test("CloudFront takes names of 64 characters", () => {
  const names = (name: string) => {
    const { CloudFrontOriginAccessControl: control, CloudFrontViewerRequestRewriteFunction: rewrite } = stack({ name })
      .template.Resources;
    const config = control?.Properties?.["OriginAccessControlConfig"] as { Name: string } | undefined;
    expect(rewrite?.Properties?.["Name"]).toBe(config?.Name);
    return config?.Name;
  };
  expect(names("a".repeat(48))).toBe(`shop-test-${"a".repeat(48)}`);
  expect(names("a".repeat(49))).toBe(`shop-test-${"a".repeat(48)}012345`);
});
