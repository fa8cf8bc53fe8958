import type { ListenerRulePlan } from "../../plan/workload-plan.ts";
import type { EdgeRule } from "../edge/edge.ts";

/** The names that a load balancer has on this machine, whatever its rules say. */
const ownNames = ["127.0.0.1", "localhost", "[::1]"];

/** What a rule asks of a request. A name is also met with `.localhost` behind it, which browsers and curl look up on this
 *  machine; the load balancer's own name, in a rule that has it, under each of its names here. */
export function ruleConditions({ conditions }: ListenerRulePlan<never>): Pick<EdgeRule, "paths" | "hosts" | "sources"> {
  const paths = conditions.flatMap(({ PathPatternConfig }) => PathPatternConfig?.Values ?? []);
  const hosts = conditions.flatMap(({ HostHeaderConfig }) => HostHeaderConfig?.Values ?? []);
  const sources = conditions.flatMap(({ SourceIpConfig }) => SourceIpConfig?.Values ?? []);
  return {
    paths: paths.length > 0 ? paths : ["/*"],
    ...(hosts.length > 0 && { hosts: [...new Set(hosts.flatMap(namesHere))] }),
    ...(sources.length > 0 && { sources }),
  };
}

function namesHere(host: string): string[] {
  if (ownNames.includes(host)) return ownNames;
  return host.endsWith(".localhost") ? [host] : [host, `${host}.localhost`];
}
