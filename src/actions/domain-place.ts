import { environmentDomainRole } from "../plan/domain-names.ts";
import type { AliasTarget, DomainPlace } from "../providers/account/domains.ts";
import type { StackResourceDescription } from "../providers/account/stacks.ts";
import type { GatheredFacts } from "../providers/account/facts.ts";

/** The same where the environment has the role that names are written with; undefined while it stands as Copilot has deployed
 *  it: then its own functions remove what they have made, when their stacks are deleted.
 *  @param resources those of the environment's stack */
export function ownDomainPlaceOf(
  known: Known,
  resources: Readonly<Record<string, StackResourceDescription>>,
): DomainPlace | undefined {
  const place = domainPlaceOf(known);
  const role = resources["CustomResourceRole"]?.physicalId;
  return place !== undefined && role === environmentDomainRole(place.app, place.env) ? place : undefined;
}

type Known = Pick<GatheredFacts, "facts" | "environment">;

/** Where names of an environment are written, and with whose rights; undefined when its application has no domain. */
export function domainPlaceOf({ facts, environment }: Known): DomainPlace | undefined {
  const { domain, partition, applicationAccount = facts.account, environmentParameters = {} } = facts;
  if (domain === undefined || domain === "") return undefined;
  const { app, name: env, region, accountID, managerRoleARN } = environment;
  const role = (account: string, name: string) => `arn:${partition}:iam::${account}:role/${name}`;
  return {
    app,
    env,
    domain,
    environment: { region, managerRoleArn: managerRoleARN },
    domainRoleArn: role(accountID, environmentDomainRole(app, env)),
    dnsRoleArn: environmentParameters["AppDNSDelegationRole"] || role(applicationAccount, `${app}-DNSDelegationRole`),
  };
}

/** CloudFront's names are all in one hosted zone of AWS's. Source: Route 53's API reference, AliasTarget. */
export function distributionTarget(dnsName: string, partition: string): AliasTarget {
  return { dnsName, hostedZoneId: partition === "aws-cn" ? "Z3RFFRIM2A3IF5" : "Z2FDTNDATAQYW2" };
}

/** What the public names of an environment lead to: CloudFront where there is a distribution, else the load balancer. */
export function environmentTarget(
  outputs: Readonly<Record<string, string>>,
  partition: string,
): AliasTarget | undefined {
  const { CloudFrontDomainName: cdn, PublicLoadBalancerDNSName: dnsName, PublicLoadBalancerHostedZone: zone } = outputs;
  if (cdn) return distributionTarget(cdn, partition);
  return dnsName && zone ? { dnsName, hostedZoneId: zone } : undefined;
}

/** DNS names of all that the names of an environment may lead to. */
export function environmentOwn(...outputs: (Readonly<Record<string, string>> | undefined)[]): string[] {
  return outputs.flatMap((each) =>
    [each?.["CloudFrontDomainName"] ?? [], each?.["PublicLoadBalancerDNSName"] ?? []].flat(),
  );
}
