import { aliasesFrom } from "../plan/environment-needs.ts";
import type { Account } from "../providers/account.ts";
import type { DomainEvent, DomainPlace } from "../providers/account/domains.ts";
import type { GatheredFacts } from "../providers/account/facts.ts";
import type { SiteEvent } from "../providers/account/sites.ts";
import { environmentOwn, ownDomainPlaceOf } from "./domain-place.ts";

type Tools = Pick<Account, "domains" | "sites" | "stacks">;

/** Removes what was made outside of an environment's stack, before that is deleted: its zone can only go when nothing of it is
 *  left. By then its load balancer is gone with its last workload, so that nothing uses its certificates.
 *  @throws UserError bucket/not-emptied, aws/* */
export async function* removeEnvironmentDomain(
  gathered: GatheredFacts,
  { domains, sites, stacks }: Tools,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent | SiteEvent, void, void> {
  const { environment, environmentStack: stack, facts } = gathered;
  if (stack === undefined) return;
  const where = { region: environment.region, managerRoleArn: environment.managerRoleARN };
  const resources = await stacks.resources(stack.name, where);
  const bucket = resources["ELBAccessLogsBucket"]?.physicalId;
  const cleaner = resources["BucketCleanerRole"]?.physicalId;
  // A stack of Copilot's has no such role, and a function that empties the bucket when the stack goes.
  if (bucket && cleaner)
    yield* sites.empty(
      { bucket, where, roleArn: `arn:${facts.partition}:iam::${environment.accountID}:role/${cleaner}` },
      signal,
    );
  const place = ownDomainPlaceOf(gathered, resources);
  if (place === undefined) return;
  const aliases = Object.values(aliasesFrom(stack.parameters["Aliases"])).flat();
  const ours = environmentOwn(stack.outputs);
  if (aliases.length > 0 && ours.length > 0) yield* domains.removeAliases({ place, names: aliases, ours }, signal);
  const certificates = [facts.certificates?.loadBalancer ?? [], facts.certificates?.cdn ?? []].flat();
  yield* domains.removeRecords({ place, certificates }, signal);
  yield* domains.deleteCertificates({ place, certificates }, signal);
}

/** Removes what has to go before the stack of a workload is deleted: names that lead to it, and the files of a site.
 *  @param place where names are written; absent: they are not ours to remove */
export async function* removeWorkloadNames(
  { gathered, place }: { gathered: GatheredFacts; place: DomainPlace | undefined },
  { domains, sites, stacks }: Tools,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent | SiteEvent, void, void> {
  const { environment, workloadStack: stack } = gathered;
  if (stack === undefined) return;
  const aliases = (stack.parameters["NLBAliases"] ?? "").split(",").filter(Boolean);
  const distribution = stack.outputs["CloudFrontDistributionDomainName"];
  const isAppRunner = stack.parameters["InstanceCPU"] !== undefined;
  if (aliases.length === 0 && distribution === undefined && !isAppRunner) return;
  const where = { region: environment.region, managerRoleArn: environment.managerRoleARN };
  const resources = await stacks.resources(stack.name, where);
  const bucket = distribution === undefined ? undefined : resources["Bucket"]?.physicalId;
  if (bucket) yield* sites.empty({ bucket, where }, signal);
  if (place === undefined) return;
  const serviceArn = isAppRunner ? resources["Service"]?.physicalId : undefined;
  for (const name of serviceArn === undefined ? [] : await domains.associated({ place, serviceArn }))
    yield* domains.disassociate({ place, serviceArn: serviceArn ?? "", name }, signal);
  const site = stack.outputs["CloudFrontDistributionAlternativeDomainName"];
  if (site !== undefined && distribution !== undefined)
    yield* domains.removeAliases({ place, names: [site], ours: [distribution] }, signal);
  const arn = resources["PublicNetworkLoadBalancerV2"]?.physicalId;
  const target = arn === undefined ? undefined : await domains.loadBalancer(arn, place);
  if (target !== undefined) yield* domains.removeAliases({ place, names: aliases, ours: [target.dnsName] }, signal);
}

/** Removes the certificates of a workload whose stack is gone, with the records that validate them and nothing else. They are
 *  found by their tags, so that a removal that was interrupted is finished by the next one. */
export async function* removeWorkloadCertificates(
  { name, gathered, place }: { name: string; gathered: GatheredFacts; place: DomainPlace },
  { domains }: Pick<Tools, "domains">,
  signal: AbortSignal,
): AsyncGenerator<DomainEvent, void, void> {
  const { certificates: held, siteCertificates = {} } = gathered.facts;
  const certificates = [held?.networkLoadBalancer ?? [], Object.values(siteCertificates)].flat();
  const owner = { place, service: name, certificates };
  yield* domains.removeRecords(owner, signal);
  yield* domains.deleteCertificates(owner, signal);
}
