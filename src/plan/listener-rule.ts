import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { aliasesOf } from "../manifest/aliases.ts";
import type { HttpRule } from "../manifest/targets.ts";
import { importedLoadBalancer } from "./environment.ts";
import type { Later, Pending } from "./later.ts";
import { rootedPath } from "./rooted-path.ts";
import type { PlanInput } from "./service-plan-input.ts";
import type { ListenerRulePlan } from "./workload-plan.ts";

/** A rule: `/` takes every path, `/x` takes itself and all below it; for these names and addresses alone. */
export function listenerRule(input: PlanInput, key: string, rule: HttpRule): ListenerRulePlan {
  const path = rootedPath(rule.path ?? "/");
  const hosts = hostsOf(input, rule);
  const addresses = rule.allowed_source_ips ?? [];
  const conditions: Pending<RuleCondition, Later>[] = [
    { Field: "path-pattern", PathPatternConfig: { Values: path === "/" ? ["/*"] : [path, `${path}/*`] } },
    ...(hosts.length > 0 ? [{ Field: "host-header", HostHeaderConfig: { Values: hosts } }] : []),
    ...(addresses.length > 0 ? [{ Field: "source-ip", SourceIpConfig: { Values: addresses } }] : []),
  ];
  return {
    key,
    band: path === "/" ? "root" : "path",
    path: rule.path ?? "/",
    conditions,
    targetGroup: key,
    ...(input.https && { http: redirects(input, rule) ? "redirect" : "forward" }),
  };
}

/** The names that requests come to: the aliases, or those that every service has. */
function hostsOf({ manifest, https, loadBalancer }: PlanInput, rule: HttpRule): (string | Later)[] {
  const aliases = aliasesOf(rule);
  // A load balancer of the service's own has no names of the environment's.
  if (aliases.length > 0 || importedLoadBalancer(manifest) !== undefined) return aliases;
  const { name } = manifest;
  if (loadBalancer === "internal") {
    if (https) return [];
    return [{ env: "InternalLoadBalancerDNSName" }, { join: [`${name}.`, { env: "InternalWorkloadsHostedZoneName" }] }];
  }
  return https ? [{ join: [`${name}.`, { env: "SubDomain" }] }] : [];
}

function redirects({ manifest }: PlanInput, rule: HttpRule): boolean {
  return manifest.type === "Backend Service" || rule.redirect_to_https !== false;
}
