import { aliasesFrom, needParameters, type WorkloadNeeds } from "../../plan/environment-needs.ts";
import { listensWithHttps } from "../../plan/environment-plan.ts";
import { discoveryNamespace } from "../../plan/names.ts";
import type { Parameter } from "../template.ts";
import { addonsParameter } from "./addons.ts";
import { cdnAliasesParameter, cdnCertificateParameter, takesAliases, takesDomainCertificateForCdn } from "./cdn.ts";
import type { EnvironmentInput } from "./environment-input.ts";
import { certificateParameter, takesDomainCertificate } from "./load-balancers.ts";
import { prefixListParameter, takesPrefixList } from "./security-groups.ts";

/** The parameters of an environment's stack: Copilot's, whose values running stacks hold, and one for each value that
 *  Copilot computed while deploying. */
export function environmentParameters(input: EnvironmentInput): Record<string, Parameter> {
  const text: Parameter = { Type: "String" };
  const flag: Parameter = { Type: "String", AllowedValues: [true, false] };
  return {
    AppName: text,
    EnvironmentName: text,
    ALBWorkloads: text,
    InternalALBWorkloads: text,
    EFSWorkloads: text,
    NATWorkloads: text,
    AppRunnerPrivateWorkloads: text,
    ToolsAccountPrincipalARN: text,
    AppDNSName: text,
    AppDNSDelegationRole: text,
    Aliases: text,
    CreateHTTPSListener: flag,
    CreateInternalHTTPSListener: flag,
    ServiceDiscoveryEndpoint: text,
    ...(input.addons && {
      [addonsParameter]: { Type: "String" as const, Description: "URL of the template of the addons." },
    }),
    ...(takesDomainCertificate(input.plan) && {
      [certificateParameter]: later("ARN of the certificate for the application's domain."),
    }),
    ...(takesDomainCertificateForCdn(input) && {
      [cdnCertificateParameter]: later("ARN of the certificate for the application's domain in us-east-1."),
    }),
    ...(takesAliases(input) && {
      [cdnAliasesParameter]: {
        ...later("The names that the CloudFront distribution answers to."),
        Type: "CommaDelimitedList" as const,
      },
    }),
    ...(takesPrefixList(input) && {
      [prefixListParameter]: later("The list of CloudFront's own addresses in this region."),
    }),
  };
}

function later(description: string): Parameter {
  return { Type: "String", Description: description, Default: "" };
}

/** The values that go with the template. What running stacks hold is kept where nothing else is known. */
export function environmentParameterValues(
  input: EnvironmentInput,
  workloads: readonly WorkloadNeeds[],
): Record<string, string> {
  const { plan, facts } = input;
  const { account, applicationAccount = account, partition, domain, certificates } = facts;
  const { environmentParameters: deployed = {} } = facts;
  const https = listensWithHttps(plan, domain);
  const needed = needParameters(workloads, deployed);
  const delegation = `arn:${partition}:iam::${applicationAccount}:role/${plan.app}-DNSDelegationRole`;
  const values: Record<string, string> = {
    AppName: plan.app,
    EnvironmentName: plan.env,
    ...needed,
    ToolsAccountPrincipalARN:
      deployed["ToolsAccountPrincipalARN"] ?? `arn:${partition}:iam::${applicationAccount}:root`,
    AppDNSName: domain ?? "",
    AppDNSDelegationRole: domain === undefined ? "" : deployed["AppDNSDelegationRole"] || delegation,
    CreateHTTPSListener: String(https.public),
    CreateInternalHTTPSListener: String(https.internal),
    ServiceDiscoveryEndpoint: discoveryNamespace(plan.app, plan.env, deployed),
    [certificateParameter]: certificates?.loadBalancer ?? deployed[certificateParameter] ?? "",
    [cdnCertificateParameter]: certificates?.cdn ?? deployed[cdnCertificateParameter] ?? "",
    [cdnAliasesParameter]: cdnAliases(input, needed).join(","),
    [prefixListParameter]: deployed[prefixListParameter] ?? "",
  };
  const declared = environmentParameters(input);
  return Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(declared, name)));
}

/** The names of all workloads behind the load balancer, and that of the static files; each once, in order. */
function cdnAliases(
  { plan }: EnvironmentInput,
  { ALBWorkloads, Aliases }: { ALBWorkloads: string; Aliases: string },
): string[] {
  const behind = new Set(ALBWorkloads.split(","));
  const ofWorkloads = Object.entries(aliasesFrom(Aliases)).flatMap(([name, names]) => (behind.has(name) ? names : []));
  const ofFiles = plan.cdn?.staticAssets?.alias ?? [];
  return [...new Set([ofWorkloads, ofFiles].flat())].toSorted();
}

/** The tags of an environment's stack. */
export function environmentTags({ plan: { app, env }, facts }: EnvironmentInput): Record<string, string> {
  return { ...facts.tags, "copilot-application": app, "copilot-environment": env };
}
