import { subnetMisfits } from "./subnets-fit.ts";
import { aliasesOf } from "./aliases.ts";
import { cdnOf, certificatesOf, hasCdn, networkKind } from "./environment-facts.ts";
import type { RequestDrivenManifest, ServiceManifest, WorkloadManifest } from "./load.ts";
import type { Path } from "./problems.ts";
import type { ReadEnvironmentManifest } from "./rules/environment-rule.ts";
import { type HttpRule, httpRules, nlbOf } from "./targets.ts";
import { listed, quoted } from "./words.ts";

/** What a workload's manifest cannot ask for in its environment, as Copilot finds out when it deploys. */
export interface Misfit {
  path: Path;
  code: string;
  message: string;
  hint: string;
}

export interface Surroundings {
  app: string;
  env: string;
  /** The environment's manifest; an empty one when it has none. */
  environment: ReadEnvironmentManifest;
  /** The application's domain; null when nothing is known of it. */
  domain: string | null | undefined;
}

/** Source: Copilot's `validateRuntimeRoutingRule`, `validateNLBRuntime` and their like for the other types. */
export function environmentMisfits(manifest: WorkloadManifest, around: Surroundings): Misfit[] {
  return [...trafficMisfits(manifest, around), ...subnetMisfits(manifest, around)];
}

function trafficMisfits(manifest: WorkloadManifest, around: Surroundings): Misfit[] {
  switch (manifest.type) {
    case "Load Balanced Web Service": {
      const bringsOwn = typeof manifest.http === "object" && manifest.http.alb !== undefined;
      const rules = httpRules(manifest).flatMap(({ at, rule }) => [
        ...publicRule(at, rule, around, bringsOwn),
        ...(bringsOwn ? [] : behindCdn(at, rule, around)),
      ]);
      return [...rules, ...nlb(manifest, around)];
    }
    case "Backend Service":
      return httpRules(manifest).flatMap(({ at, rule }) => internalRule(at, rule, around));
    case "Request-Driven Web Service":
      return [...appRunnerPlace(manifest, around), ...appRunner(manifest.http?.alias, around)];
    case "Static Site":
      return manifest.http?.certificate === undefined ? staticSite(manifest.http?.alias, around) : [];
    default:
      return [];
  }
}

function publicRule(at: Path, rule: HttpRule, around: Surroundings, bringsOwn: boolean): Misfit[] {
  const { env, environment, domain } = around;
  const imported = certificatesOf(environment, "public").length > 0 || cdnOf(environment).certificate !== undefined;
  const misfits: Misfit[] = [];
  const needs = "give the application a domain, or import certificates: `http.public.certificates` of the environment";
  if (rule.redirect_to_https !== undefined && domain === undefined && !imported)
    misfits.push({
      path: [...at, "redirect_to_https"],
      code: "environment/https",
      message: `nothing listens with HTTPS in ${env}: the application has no domain, and the environment no certificates`,
      hint: needs,
    });
  const aliases = aliasesOf(rule);
  if (aliases.length === 0) {
    if (imported && !bringsOwn)
      misfits.push({
        path: at,
        code: "environment/alias",
        message: `${env} imports certificates, so each rule needs an \`alias\` that they are for`,
        hint: "add `alias:` with a name that a certificate covers",
      });
    return misfits;
  }
  if (namesZones(rule) && !imported)
    misfits.push({
      path: [...at, "alias"],
      code: "environment/hosted-zone",
      message: `a hosted zone can be named only where certificates are imported, and ${env} imports none`,
      hint: "leave the hosted zone out, or add `http.public.certificates` to the environment",
    });
  else if (namesZones(rule) && hasCdn(environment))
    misfits.push({
      path: [...at, "alias"],
      code: "environment/hosted-zone",
      message: `a hosted zone cannot be named in ${env}: its CDN stands before the load balancer`,
      hint: "leave the hosted zone out, and write the record for the distribution yourself",
    });
  if (imported) return misfits;
  if (domain === undefined)
    misfits.push({
      path: [...at, "alias"],
      code: "environment/alias",
      message: `nothing answers to ${listed(aliases.map(quoted), "and")} in ${env}: the application has no domain, and the environment no certificates`,
      hint: needs,
    });
  else misfits.push(...outsideDomain([...at, "alias"], aliases, around));
  return misfits;
}

/** Copilot finds these when the environment is deployed. Source: its `validateCDN`. */
function behindCdn(at: Path, rule: HttpRule, { env, environment, domain }: Surroundings): Misfit[] {
  if (!hasCdn(environment)) return [];
  const misfits: Misfit[] = [];
  const { certificate, terminate_tls: terminates } = cdnOf(environment);
  const imported = certificatesOf(environment, "public").length > 0;
  const hasDomain = typeof domain === "string";
  if (hasDomain && !imported && certificate === undefined && aliasesOf(rule).length === 0)
    misfits.push({
      path: at,
      code: "environment/alias",
      message: `${env} has a CDN, which answers to aliases alone: without one, the service's name leads past it`,
      hint: "add `alias:` with a name of the application's domain",
    });
  if (terminates === true && (imported || hasDomain) && rule.redirect_to_https !== false)
    misfits.push({
      path: rule.redirect_to_https === undefined ? at : [...at, "redirect_to_https"],
      code: "environment/redirect",
      message: `the CDN of ${env} asks the load balancer by HTTP, and would be redirected to HTTPS without end`,
      hint: "write `redirect_to_https: false`: the CDN redirects already",
    });
  return misfits;
}

/** Copilot looks at the zones that stand beside each alias, and not at the one for all of them. */
function namesZones({ alias }: HttpRule): boolean {
  return Array.isArray(alias) && alias.some((each) => typeof each === "object" && each.hosted_zone !== undefined);
}

function internalRule(at: Path, rule: HttpRule, { env, environment }: Surroundings): Misfit[] {
  const aliases = aliasesOf(rule);
  const imported = certificatesOf(environment, "private").length > 0;
  if (imported && aliases.length === 0)
    return [
      {
        path: at,
        code: "environment/alias",
        message: `${env} imports certificates for its internal load balancer, so each rule needs an \`alias\` that they are for`,
        hint: "add `alias:` with a name that a certificate covers",
      },
    ];
  if (imported || aliases.length === 0) return [];
  return [
    {
      path: [...at, "alias"],
      code: "environment/alias",
      message: `an \`alias\` of a Backend Service needs certificates for the internal load balancer, and ${env} has none`,
      hint: "add `http.private.certificates` to the environment, or leave the alias out",
    },
  ];
}

function nlb(manifest: ServiceManifest, around: Surroundings): Misfit[] {
  const { env, environment, domain } = around;
  const aliases = aliasesOf(nlbOf(manifest) ?? {});
  if (aliases.length === 0) return [];
  const path = ["nlb", "alias"];
  if (certificatesOf(environment, "public").length > 0)
    return [
      {
        path,
        code: "environment/alias",
        message: `\`nlb.alias\` cannot be had in ${env}: it imports certificates, so no zone of the application is there`,
        hint: "write the record for the network load balancer yourself",
      },
    ];
  if (domain === undefined)
    return [
      {
        path,
        code: "environment/alias",
        message: "`nlb.alias` needs a domain of the application, and it has none",
        hint: "leave the alias out, or give the application a domain",
      },
    ];
  return outsideDomain(path, aliases, around);
}

const longestServiceName = 40;

/** Source: App Runner, CreateService's ServiceName, which is longer than the name of the workload; and Copilot's
 *  environment, which makes an endpoint for App Runner in a VPC of its own alone. */
function appRunnerPlace({ name, http }: RequestDrivenManifest, { app, env, environment }: Surroundings): Misfit[] {
  const whole = `${app}-${env}-${name}`;
  const misfits: Misfit[] = [];
  if (whole.length > longestServiceName)
    misfits.push({
      path: ["name"],
      code: "environment/name",
      message: `App Runner takes names of ${longestServiceName} characters at most, and ${quoted(whole)} has ${whole.length}`,
      hint: "give the service, the environment or the application a shorter name",
    });
  if (http?.private === true && networkKind(environment) === "imported")
    misfits.push({
      path: ["http", "private"],
      code: "environment/endpoint",
      message: `${env} imports its VPC, so it makes no endpoint for App Runner there`,
      hint: "name one that the VPC has: `private: { endpoint: vpce-0123456789abcdef0 }`",
    });
  return misfits;
}

/** App Runner writes its record into the application's root zone, beside the names of load balancers. */
function appRunner(alias: string | undefined, { app, env, domain }: Surroundings): Misfit[] {
  if (alias === undefined) return [];
  const path = ["http", "alias"];
  const code = "environment/alias";
  if (domain === undefined)
    return [
      {
        path,
        code,
        message: "`http.alias` needs a domain of the application, and it has none",
        hint: "leave the alias out, or give the application a domain",
      },
    ];
  if (domain === null) return [];
  const isBelow = (zone: string) => alias === zone || parentOf(alias) === zone;
  const isOurs = isBelow(`${app}.${domain}`) || isBelow(`${env}.${app}.${domain}`);
  if (parentOf(alias) === domain && !isOurs) return [];
  return [
    {
      path,
      code,
      message: `${quoted(alias)} cannot be a name of a Request-Driven Web Service of this application`,
      hint: `use one word before the domain: ${quoted(`www.${domain}`)}`,
    },
  ];
}

function staticSite(alias: string | undefined, around: Surroundings): Misfit[] {
  if (alias === undefined) return [];
  const path = ["http", "alias"];
  if (around.domain !== undefined) return outsideDomain(path, [alias], around);
  return [
    {
      path,
      code: "environment/alias",
      message: "`http.alias` needs a certificate, or a domain of the application, and it has none",
      hint: "add `http.certificate` with the ARN of a certificate of us-east-1, or give the application a domain",
    },
  ];
}

function parentOf(name: string): string {
  return name.replace(/^[^.]+\./, "");
}

/** Copilot writes records into the zones of the domain, the application and the environment alone. */
function outsideDomain(path: Path, aliases: readonly string[], { app, env, domain }: Surroundings): Misfit[] {
  if (typeof domain !== "string") return [];
  const zones = [domain, `${app}.${domain}`, `${env}.${app}.${domain}`];
  const foreign = aliases.filter((alias) => !zones.some((zone) => alias === zone || parentOf(alias) === zone));
  if (foreign.length === 0) return [];
  return [
    {
      path,
      code: "environment/alias",
      message: `${listed(foreign.map(quoted), "and")} cannot be a name of this application, whose domain is ${quoted(domain)}`,
      hint: `use ${listed(zones.toReversed().map((zone) => quoted(zone)))}, or a name with one word before one of them`,
    },
  ];
}
