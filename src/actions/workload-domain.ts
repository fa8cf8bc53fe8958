import type { StackFacts } from "../cloudformation/facts.ts";
import { nlbCertificateParameter } from "../cloudformation/service/network-load-balancer.ts";
import { uploaderRole } from "../cloudformation/static-site/bucket.ts";
import { certificateParameter as siteCertificateParameter } from "../cloudformation/static-site/distribution.ts";
import type { WorkloadManifest } from "../manifest/load.ts";
import { networkLoadBalancerCertificateNames, siteCertificateNames } from "../plan/domain-names.ts";
import { planStaticSite } from "../plan/plan-static-site.ts";
import type { Account } from "../providers/account.ts";
import type { DomainEvent, DomainPlace } from "../providers/account/domains.ts";
import type { GatheredFacts } from "../providers/account/facts.ts";
import type { SiteEvent } from "../providers/account/sites.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { distributionTarget, domainPlaceOf } from "./domain-place.ts";
import type { PackagedStack } from "./packaged-stack.ts";
import { readSiteFiles } from "./read-site-files.ts";

/** The certificates that the stack of a workload stands on: facts that it lacks without them. Nothing for most.
 *  @throws UserError certificate/*, domain/* */
export async function* workloadCertificates(
  { template, parameters }: Pick<PackagedStack, "template" | "parameters">,
  { name, gathered }: { name: string; gathered: GatheredFacts },
  { domains }: Pick<Account, "domains">,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, Pick<StackFacts, "certificates" | "siteCertificates">, void> {
  const place = domainPlaceOf(gathered);
  if (place === undefined) return {};
  const { certificates, siteCertificates, tags = {} } = gathered.facts;
  const declares = (parameter: string) => Object.hasOwn(template.Parameters, parameter);
  const request = { place, tags, service: name };
  if (declares(nlbCertificateParameter)) {
    const existing = certificates?.networkLoadBalancer;
    const networkLoadBalancer = yield* domains.ensureCertificate(
      {
        ...request,
        names: networkLoadBalancerCertificateNames(place, name, listed(parameters["NLBAliases"])),
        region: place.environment.region,
        purpose: "network-load-balancer",
        ...(existing !== undefined && { existing }),
      },
      signal,
    );
    return { certificates: { ...certificates, networkLoadBalancer } };
  }
  const alias = siteAlias(template);
  if (alias === undefined || !declares(siteCertificateParameter)) return {};
  const existing = siteCertificates?.[alias];
  const arn = yield* domains.ensureCertificate(
    {
      ...request,
      names: siteCertificateNames(place, name, alias),
      region: "us-east-1",
      purpose: "site",
      ...(existing !== undefined && { existing }),
    },
    signal,
  );
  return { siteCertificates: { ...siteCertificates, [alias]: arn } };
}

export interface DeployedForNames {
  manifest: WorkloadManifest;
  stack: Pick<PackagedStack, "name" | "template" | "parameters">;
  gathered: GatheredFacts;
}

/** What belongs to a workload and to no stack, once its stack is there: the names of its network load balancer, of its site, of its
 *  service of App Runner, and its site's files. Nothing for most.
 *  @throws UserError domain/*, custom-domain/failed, site/file-missing */
export async function* settleWorkload(
  deployed: DeployedForNames,
  { account, workspace }: { account: Pick<Account, "domains" | "sites" | "stacks">; workspace: Workspace },
  signal: AbortSignal,
): AsyncGenerator<DomainEvent | SiteEvent, void, void> {
  const { manifest, stack, gathered } = deployed;
  const before = listed(gathered.workloadStack?.parameters["NLBAliases"]);
  const alias = manifest.type === "Request-Driven Web Service" ? manifest.http?.alias : undefined;
  const aliases = listed(stack.parameters["NLBAliases"]);
  if (aliases.length + before.length === 0 && alias === undefined && manifest.type !== "Static Site") return;
  const where = { region: gathered.environment.region, managerRoleArn: gathered.environment.managerRoleARN };
  const resources = await account.stacks.resources(stack.name, where);
  const place = domainPlaceOf(gathered);
  if (manifest.type === "Static Site") {
    const { app, name: env } = gathered.environment;
    const files = await readSiteFiles(planStaticSite({ manifest, app, env }).files, workspace);
    const role = resources[uploaderRole]?.physicalId;
    const { partition } = gathered.facts;
    yield* account.sites.publish(
      {
        bucket: resources["Bucket"]?.physicalId ?? "",
        distributionId: resources["CloudFrontDistribution"]?.physicalId ?? "",
        where,
        ...(role !== undefined && {
          uploaderRoleArn: `arn:${partition}:iam::${gathered.environment.accountID}:role/${role}`,
        }),
        files,
      },
      signal,
    );
    if (place !== undefined) yield* pointSite(deployed, { place, where, account }, signal);
  }
  if (place === undefined) return;
  const loadBalancerArn = resources["PublicNetworkLoadBalancerV2"]?.physicalId;
  if (loadBalancerArn !== undefined)
    yield* pointLoadBalancer({ before, aliases, loadBalancerArn }, place, account, signal);
  const serviceArn = resources["Service"]?.physicalId;
  if (alias !== undefined && serviceArn !== undefined)
    yield* account.domains.associate({ place, serviceArn, name: alias }, signal);
}

async function* pointSite(
  { stack, gathered }: DeployedForNames,
  { place, where, account }: { place: DomainPlace; where: object; account: Pick<Account, "domains" | "stacks"> },
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const alias = siteAlias(stack.template);
  const isOurs = Object.hasOwn(stack.template.Parameters, siteCertificateParameter);
  const now = await account.stacks.describe(stack.name, where);
  const distribution = now?.outputs["CloudFrontDistributionDomainName"];
  if (distribution === undefined) return;
  const former = gathered.workloadStack?.outputs["CloudFrontDistributionAlternativeDomainName"];
  if (former !== undefined && former !== alias)
    yield* account.domains.removeAliases({ place, names: [former], ours: [distribution] }, signal);
  if (alias === undefined || !isOurs) return;
  const target = distributionTarget(distribution, gathered.facts.partition);
  yield* account.domains.writeAliases({ place, names: [alias], target }, signal);
}

async function* pointLoadBalancer(
  { before, aliases, loadBalancerArn }: { before: string[]; aliases: string[]; loadBalancerArn: string },
  place: DomainPlace,
  { domains }: Pick<Account, "domains">,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const gone = before.filter((name) => !aliases.includes(name));
  if (gone.length + aliases.length === 0) return;
  const target = await domains.loadBalancer(loadBalancerArn, place);
  if (target === undefined) return;
  if (gone.length > 0) yield* domains.removeAliases({ place, names: gone, ours: [target.dnsName] }, signal);
  if (aliases.length > 0) yield* domains.writeAliases({ place, names: aliases, target }, signal);
}

/** The name that a site has beside CloudFront's own. */
function siteAlias({ Outputs = {} }: PackagedStack["template"]): string | undefined {
  const value = Outputs["CloudFrontDistributionAlternativeDomainName"]?.Value;
  return typeof value === "string" ? value : undefined;
}

function listed(names: string | undefined): string[] {
  return (names ?? "").split(",").filter(Boolean);
}
