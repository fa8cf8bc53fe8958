import type { WorkloadManifest } from "../manifest/load.ts";
import type { Account } from "../providers/account.ts";
import type { AliasTarget } from "../providers/account/domains.ts";
import type { GatheredFacts } from "../providers/account/facts.ts";
import { domainPlaceOf } from "./domain-place.ts";
import { manifestOfTemplate } from "./manifest-of-template.ts";

/** What names a workload has on AWS that its stack no longer tells of once it is deployed anew. */
export interface FormerNames {
  /** The network load balancer that they lead to. */
  loadBalancer?: AliasTarget;
  /** The alias of a service of App Runner. */
  alias?: string;
}

/** Asked before a deployment. Nothing, and no question, for most. */
export async function formerNames(
  { type, name }: Pick<WorkloadManifest, "type" | "name">,
  gathered: GatheredFacts,
  { domains, stacks }: Pick<Account, "domains" | "stacks">,
): Promise<FormerNames> {
  const { workloadStack: stack, environment } = gathered;
  const place = domainPlaceOf(gathered);
  if (stack === undefined || place === undefined) return {};
  const { app, name: env, region, managerRoleARN: managerRoleArn } = environment;
  const where = { region, managerRoleArn };
  if (type === "Request-Driven Web Service") {
    const before = manifestOfTemplate(await stacks.template(stack.name, where), { app, env, name });
    const alias = before?.type === "Request-Driven Web Service" ? before.http?.alias : undefined;
    return alias === undefined ? {} : { alias };
  }
  if (!stack.parameters["NLBAliases"]) return {};
  const arn = (await stacks.resources(stack.name, where))["PublicNetworkLoadBalancerV2"]?.physicalId;
  const loadBalancer = arn === undefined ? undefined : await domains.loadBalancer(arn, place);
  return loadBalancer === undefined ? {} : { loadBalancer };
}
