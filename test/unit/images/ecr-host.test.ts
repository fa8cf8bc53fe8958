import { expect, test } from "vitest";
import { ecrRegistry, registryOf } from "../../../src/images/ecr-host.ts";

test.each([
  ["123456789012.dkr.ecr.eu-west-1.amazonaws.com", { region: "eu-west-1" }],
  ["123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn", { region: "cn-north-1" }],
  ["123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com", { region: "us-gov-west-1" }],
  ["123456789012.dkr-ecr.eu-west-1.on.aws", { region: "eu-west-1" }],
  ["123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn", { region: "cn-north-1" }],
  ["123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov", { region: "us-iso-east-1" }],
  ["123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu", { region: "eusc-de-east-1" }],
  ["public.ecr.aws", "public"],
  ["ghcr.io", undefined],
  ["12345.dkr.ecr.eu-west-1.amazonaws.com", undefined],
  ["123456789012.dkr.ecr.eu-west-1.amazonaws.com.example.com", undefined],
])("%s is ECR's: %j", (host, registry) => {
  expect(ecrRegistry(host)).toEqual(registry);
});

test.each([
  ["nginx", undefined],
  ["library/nginx:1.27", undefined],
  ["public.ecr.aws/nginx/nginx:1", "public.ecr.aws"],
  ["localhost/x", "localhost"],
  ["localhost:5000/x@sha256:0", "localhost:5000"],
])("%s comes from %s", (reference, registry) => {
  expect(registryOf(reference)).toBe(registry);
});
