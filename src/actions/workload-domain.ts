import type { StackFacts } from "../cloudformation/facts.ts";
import type { StackTemplate } from "../cloudformation/read-template.ts";
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
import type { FormerNames } from "./former-names.ts";
import { readSiteFiles } from "./read-site-files.ts";

interface NamedStack {
  template: StackTemplate;
  parameters: Readonly<Record<string, string>>;
}

/** The certificates that the stack of a workload stands on: facts that it lacks without them. Nothing for most.
 *  @throws UserError certificate/*, domain/* */
export async function* workloadCertificates(
  { template, parameters }: NamedStack,
  { name, gathered }: { name: string; gathered: GatheredFacts },
  { domains }: Pick<Account, "domains">,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, Pick<StackFacts, "certificates" | "siteCertificates">, void> {
  const place = domainPlaceOf(gathered);
  if (place === undefined) return {};
  const { certificates, siteCertificates, tags = {} } = gathered.facts;
  const declares = (parameter: string) => Object.hasOwn(template.Parameters ?? {}, parameter);
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

/** Such certificates as the values of the parameters that a stack takes them in. */
export function certificateParameters(
  { template }: Pick<NamedStack, "template">,
  { certificates, siteCertificates }: Pick<StackFacts, "certificates" | "siteCertificates">,
): Record<string, string> {
  const given = {
    [nlbCertificateParameter]: certificates?.networkLoadBalancer,
    [siteCertificateParameter]: siteCertificates?.[siteAlias(template) ?? ""],
  };
  const declared = Object.entries(given).filter(([name]) => Object.hasOwn(template.Parameters ?? {}, name));
  return Object.fromEntries(declared.flatMap(([name, arn]) => (arn === undefined ? [] : [[name, arn]])));
}

export interface DeployedForNames {
  manifest: WorkloadManifest;
  stack: NamedStack & { name: string };
  /** As it was before. */
  gathered: GatheredFacts;
  former: FormerNames;
}

type NameTools = { account: Pick<Account, "domains" | "stacks"> };

/** What belongs to a workload and to no stack, once its stack is there: the files of a site, and as {@link settleWorkloadNames}.
 *  @throws UserError domain/*, custom-domain/failed, site/file-missing */
export async function* settleWorkload(
  deployed: DeployedForNames,
  { account, workspace }: { account: Pick<Account, "domains" | "sites" | "stacks">; workspace: Workspace },
  signal: AbortSignal,
): AsyncGenerator<DomainEvent | SiteEvent, void, void> {
  const { manifest, stack, gathered } = deployed;
  if (manifest.type === "Static Site") {
    const { app, name: env, region, accountID, managerRoleARN: managerRoleArn } = gathered.environment;
    const where = { region, managerRoleArn };
    const resources = await account.stacks.resources(stack.name, where);
    const files = await readSiteFiles(planStaticSite({ manifest, app, env }).files, workspace);
    const role = resources[uploaderRole]?.physicalId;
    const { partition } = gathered.facts;
    yield* account.sites.publish(
      {
        bucket: resources["Bucket"]?.physicalId ?? "",
        distributionId: resources["CloudFrontDistribution"]?.physicalId ?? "",
        where,
        ...(role !== undefined && { uploaderRoleArn: `arn:${partition}:iam::${accountID}:role/${role}` }),
        files,
      },
      signal,
    );
  }
  yield* settleWorkloadNames(deployed, { account }, signal);
}

/** The names of a workload's network load balancer, of its site, of its service of App Runner. Those that it no longer has lead
 *  nowhere any more, and certificates that others have taken the place of are deleted. Nothing for most.
 *  @throws UserError domain/*, custom-domain/failed */
export async function* settleWorkloadNames(
  deployed: DeployedForNames,
  { account }: NameTools,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const { manifest, stack, gathered, former } = deployed;
  const place = domainPlaceOf(gathered);
  if (place === undefined) return;
  const where = { region: gathered.environment.region, managerRoleArn: gathered.environment.managerRoleARN };
  if (manifest.type === "Static Site") yield* pointSite(deployed, { place, where, account }, signal);
  const before = listed(gathered.workloadStack?.parameters["NLBAliases"]);
  const aliases = listed(stack.parameters["NLBAliases"]);
  const alias = manifest.type === "Request-Driven Web Service" ? manifest.http?.alias : undefined;
  if (aliases.length + before.length > 0 || alias !== undefined || former.alias !== undefined) {
    const resources = await account.stacks.resources(stack.name, where);
    const loadBalancerArn = resources["PublicNetworkLoadBalancerV2"]?.physicalId;
    yield* pointLoadBalancer({ before, aliases, loadBalancerArn, former }, place, account, signal);
    const serviceArn = resources["Service"]?.physicalId;
    if (serviceArn !== undefined) yield* nameService({ serviceArn, alias, former }, place, account, signal);
  }
  yield* deleteFormerCertificates(deployed, place, account, signal);
}

async function* nameService(
  { serviceArn, alias, former }: { serviceArn: string; alias: string | undefined; former: FormerNames },
  place: DomainPlace,
  { domains }: Pick<Account, "domains">,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  if (alias !== undefined) yield* domains.associate({ place, serviceArn, name: alias }, signal);
  if (former.alias !== undefined && former.alias !== alias)
    yield* domains.disassociate({ place, serviceArn, name: former.alias }, signal);
}

async function* deleteFormerCertificates(
  { manifest: { name: service }, stack, gathered }: DeployedForNames,
  place: DomainPlace,
  { domains }: Pick<Account, "domains">,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const { certificates: held, siteCertificates = {} } = gathered.facts;
  const keep = [nlbCertificateParameter, siteCertificateParameter].flatMap((name) => stack.parameters[name] || []);
  const certificates = [held?.networkLoadBalancer ?? [], Object.values(siteCertificates)]
    .flat()
    .filter((arn) => !keep.includes(arn));
  if (certificates.length === 0) return;
  yield* domains.deleteCertificates({ place, service, certificates, keep }, signal);
}

async function* pointSite(
  { stack, gathered }: DeployedForNames,
  { place, where, account }: { place: DomainPlace; where: object; account: Pick<Account, "domains" | "stacks"> },
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const alias = siteAlias(stack.template);
  const isOurs = Object.hasOwn(stack.template.Parameters ?? {}, siteCertificateParameter);
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

interface LoadBalancerNames {
  before: string[];
  aliases: string[];
  /** Absent: the service has none any more. */
  loadBalancerArn: string | undefined;
  former: FormerNames;
}

async function* pointLoadBalancer(
  { before, aliases, loadBalancerArn, former }: LoadBalancerNames,
  place: DomainPlace,
  { domains }: Pick<Account, "domains">,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const gone = before.filter((name) => !aliases.includes(name));
  if (gone.length + aliases.length === 0) return;
  const target = loadBalancerArn === undefined ? undefined : await domains.loadBalancer(loadBalancerArn, place);
  const ours = [...new Set([former.loadBalancer, target].flatMap((each) => each?.dnsName ?? []))];
  if (gone.length > 0) yield* domains.removeAliases({ place, names: gone, ours }, signal);
  if (aliases.length > 0 && target !== undefined)
    yield* domains.writeAliases({ place, names: aliases, target, ours }, signal);
}

/** The name that a site has beside CloudFront's own. */
function siteAlias({ Outputs = {} }: StackTemplate): string | undefined {
  const value = Outputs["CloudFrontDistributionAlternativeDomainName"]?.Value;
  return typeof value === "string" ? value : undefined;
}

function listed(names: string | undefined): string[] {
  return (names ?? "").split(",").filter(Boolean);
}
