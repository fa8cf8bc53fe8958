/** Where an application's part of a domain begins. */
export interface DomainOf {
  app: string;
  env: string;
  /** The application's: `example.com`. */
  domain: string;
}

/** The hosted zones that hold an environment's names: its own `{env}.{app}.{domain}`, the application's `{app}.{domain}`, and
 *  the domain's. */
export type ZoneKind = "environment" | "application" | "domain";

export function zoneNames({ app, env, domain }: DomainOf): Record<ZoneKind, string> {
  return { environment: `${env}.${app}.${domain}`, application: `${app}.${domain}`, domain };
}

/** The zone that a name's records belong into; undefined when it is not below the domain. Into the zones of the application
 *  and the domain go their own names and those one label below: what is deeper may have been handed on to somebody else. */
export function zoneOf(name: string, where: DomainOf): ZoneKind | undefined {
  const zones = zoneNames(where);
  const given = plainName(name);
  if (isBelow(given, zones.environment)) return "environment";
  return (["application", "domain"] as const).find((kind) => isAtMostOneBelow(given, zones[kind]));
}

function isBelow(name: string, zone: string): boolean {
  return name === plainName(zone) || name.endsWith(`.${plainName(zone)}`);
}

function isAtMostOneBelow(name: string, zone: string): boolean {
  const rest = isBelow(name, zone) ? name.slice(0, -plainName(zone).length) : undefined;
  return rest !== undefined && !rest.slice(0, -1).includes(".");
}

/** The name of the role with which an environment's names are written and its certificates requested. */
export function environmentDomainRole(app: string, env: string): string {
  return `${app}-${env}-DomainRole`;
}

/** As names are compared: in lower case, without the dot at the end. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

/** The names of the certificate of an environment's load balancer: its domain, all that is one label below, and what else its
 *  workloads are called. */
export function environmentCertificateNames(where: DomainOf, aliases: readonly string[]): string[] {
  const own = zoneNames(where).environment;
  return withFurther([own, `*.${own}`], where, aliases);
}

/** Those of the TLS listeners of a service's network load balancer. */
export function networkLoadBalancerCertificateNames(
  where: DomainOf,
  service: string,
  aliases: readonly string[],
): string[] {
  return withFurther([`${service}-nlb.${zoneNames(where).environment}`], where, aliases);
}

/** Those of a Static Site. */
export function siteCertificateNames(where: DomainOf, service: string, alias: string): string[] {
  return withFurther([`${service}.${zoneNames(where).environment}`], where, [alias]);
}

/** Names that nobody can prove to hold are left out, and those that a wildcard among the own ones serves. */
function withFurther(own: string[], where: DomainOf, aliases: readonly string[]): string[] {
  const further = aliases.map(plainName).filter((name) => zoneOf(name, where) !== undefined && !covers(own, name));
  return [...new Set([...own.map(plainName), ...further.toSorted()])];
}

/** Whether a certificate for some names serves a name: `*` stands for one label. */
export function covers(certified: readonly string[], name: string): boolean {
  const wanted = plainName(name);
  const [, ...rest] = wanted.split(".");
  const wildcard = `*.${rest.join(".")}`;
  return certified.map(plainName).some((each) => each === wanted || (!wanted.startsWith("*.") && each === wildcard));
}
