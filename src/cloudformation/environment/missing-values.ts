import { cdnCertificateParameter } from "./cdn.ts";
import type { EnvironmentInput } from "./environment-input.ts";
import { certificateParameter } from "./load-balancers.ts";
import { prefixListParameter } from "./security-groups.ts";

/** A value that the stack cannot do without, and nothing says. */
export interface MissingValue {
  /** Where the manifest asks for it. */
  path: readonly string[];
  message: string;
  hint: string;
}

export function missingValues(
  { plan, facts }: EnvironmentInput,
  parameters: Readonly<Record<string, string>>,
): MissingValue[] {
  const lacks = (parameter: string) => parameters[parameter] === "";
  const isUsed = parameters["ALBWorkloads"] !== "";
  const missing: MissingValue[] = [];
  if (isUsed && parameters["CreateHTTPSListener"] === "true" && lacks(certificateParameter))
    missing.push({
      path: ["http", "public", "certificates"],
      message: `the certificate for ${domainOf(plan, facts)} is not known, and the HTTPS listener needs it`,
      hint: 'a deployment to AWS requests it; for a template alone, give its ARN in the facts: "certificates": { "loadBalancer": "arn:aws:acm:…" }',
    });
  if (isUsed && facts.domain !== undefined && lacks(cdnCertificateParameter))
    missing.push({
      path: ["cdn"],
      message: `the certificate for ${domainOf(plan, facts)} in us-east-1 is not known, and CloudFront needs it`,
      hint: 'a deployment to AWS requests it; for a template alone, give its ARN in the facts: "certificates": { "cdn": "arn:aws:acm:us-east-1:…" }',
    });
  if (lacks(prefixListParameter))
    missing.push({
      path: ["http", "public", "ingress", "cdn"],
      message: `the list of CloudFront's addresses in ${facts.region} is not known`,
      hint: 'give its id in the facts: "cloudFrontPrefixListId": "pl-…"',
    });
  return missing;
}

function domainOf({ app, env }: EnvironmentInput["plan"], { domain = "" }: EnvironmentInput["facts"]): string {
  return `${env}.${app}.${domain}`;
}
