import type { ReadEnvironmentManifest } from "./rules/environment-rule.ts";

/** What an environment's manifest says in more than one way. */

type Vpc = NonNullable<NonNullable<ReadEnvironmentManifest["network"]>["vpc"]>;
export type Subnet = NonNullable<NonNullable<NonNullable<Vpc["subnets"]>["public"]>[number]>;

export const tiers = ["public", "private"] as const;
export type Tier = (typeof tiers)[number];

/** Where the environment's network comes from. Copilot looks at nothing else to tell. */
export function networkKind({ network }: ReadEnvironmentManifest): "imported" | "own" | "default" {
  if (network?.vpc?.id !== undefined) return "imported";
  return network?.vpc?.cidr === undefined ? "default" : "own";
}

export function subnetsOf({ network }: ReadEnvironmentManifest, tier: Tier): readonly Subnet[] {
  return network?.vpc?.subnets?.[tier] ?? [];
}

/** Whether the environment has a distribution of CloudFront. A map with anything in it switches it on. */
export function hasCdn({ cdn }: ReadEnvironmentManifest): boolean {
  return typeof cdn === "object" ? Object.keys(cdn).length > 0 : cdn === true;
}

/** The settings of the distribution. */
export function cdnOf({ cdn }: ReadEnvironmentManifest): Exclude<ReadEnvironmentManifest["cdn"], boolean | undefined> {
  return typeof cdn === "object" ? cdn : {};
}

/** The certificates of the listeners; an empty list is none. */
export function certificatesOf({ http }: ReadEnvironmentManifest, loadBalancer: "public" | "private"): string[] {
  return http?.[loadBalancer]?.certificates ?? [];
}

/** Whether CloudFront alone may reach the public load balancer, in either of the two spellings. */
export function restrictsToCdn({ http }: ReadEnvironmentManifest): boolean {
  const { ingress, security_groups: groups } = http?.public ?? {};
  return ingress?.cdn === true || groups?.ingress?.restrict_to?.cdn === true;
}

/** Whether everybody who reaches the network may call the internal load balancer, in any of the three spellings. */
export function opensInternalLoadBalancer({ http }: ReadEnvironmentManifest): boolean {
  const { ingress, security_groups: groups } = http?.private ?? {};
  return ingress?.vpc === true || ingress?.from_vpc === true || groups?.ingress?.from_vpc === true;
}
