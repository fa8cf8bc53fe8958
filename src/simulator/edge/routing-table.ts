import type { EdgeRule } from "./edge.ts";
import { hostName } from "./host-name.ts";
import { matchesPattern } from "./pattern.ts";
import { SourceAddresses } from "./source-addresses.ts";

/** What rules look at. */
export interface Routed {
  /** Without the query. */
  path: string;
  /** As the client wrote it. */
  host: string;
}

interface Rule {
  paths: string[];
  hosts: string[] | undefined;
  sources: SourceAddresses | undefined;
  cidrs: string[];
  targetGroup: string;
}

/** A listener's rules, lowest priority number first. */
export class RoutingTable {
  private readonly rules: Rule[];

  constructor(rules: EdgeRule[]) {
    this.rules = rules
      .toSorted((one, other) => one.priority - other.priority)
      .map(({ paths, hosts, sources, targetGroup }) => ({
        paths,
        hosts: hosts?.map((host) => host.toLowerCase()),
        sources: sources && new SourceAddresses(sources),
        cidrs: sources ?? [],
        targetGroup,
      }));
  }

  /** The target group of the first rule of which all conditions are met.
   *  @param client the address that the connection comes from */
  targetGroupOf({ path, host }: Routed, client: string): string | undefined {
    let name: string | undefined;
    for (const rule of this.rules) {
      if (!matchesPath(rule, path)) continue;
      if (rule.hosts !== undefined && !matchesHost(rule.hosts, (name ??= hostName(host)))) continue;
      if (rule.sources === undefined || rule.sources.has(client)) return rule.targetGroup;
    }
    return undefined;
  }

  /** Why no rule takes a request: of the rules for its path, and among them for its name, what the first one wants. */
  refusal({ path, host }: Routed, client: string): string {
    const shown = path.slice(0, 200);
    const forPath = this.rules.filter((rule) => matchesPath(rule, path));
    const [first] = forPath;
    if (first === undefined) return `no listener rule matches ${shown}`;
    const name = hostName(host);
    const forName = forPath.find(({ hosts }) => hosts === undefined || matchesHost(hosts, name));
    if (forName === undefined)
      return `no listener rule for ${shown} matches the host ${name.slice(0, 200)}: the first wants ${(first.hosts ?? []).join(" or ")}`;
    return `no listener rule for ${shown} takes requests from ${client}: the first wants ${forName.cidrs.join(" or ")}`;
  }
}

function matchesPath({ paths }: Rule, path: string): boolean {
  for (const pattern of paths)
    if (pattern === "/*" ? path.charCodeAt(0) === 47 : matchesPattern(pattern, path)) return true;
  return false;
}

function matchesHost(hosts: readonly string[], name: string): boolean {
  return hosts.some((pattern) => matchesPattern(pattern, name));
}
