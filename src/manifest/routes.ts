import { aliasesOf } from "./aliases.ts";
import type { Path } from "./problems.ts";
import type { ReadManifest } from "./rules/rule.ts";
import { httpRules } from "./targets.ts";

/** Which requests of a load balancer come to a workload by one of its rules. */
export interface Route {
  /** Where the rule's path stands. */
  at: Path;
  /** As it is written. */
  path: string;
  /** `public`, `internal`, or a load balancer that the workload brings along. */
  loadBalancer: string;
  /** In lower case; none: whatever name a request comes to. */
  hosts: readonly string[];
  /** Ranges; none: from everywhere. */
  sources: readonly string[];
  /** As the load balancer compares them, `*` for any rest. */
  patterns: readonly string[];
}

/** The routes of a workload in an environment. A rule of a Backend Service without an alias is reached by the service's
 *  own name, and so is no one else's. */
export function routesOf(manifest: ReadManifest): Route[] {
  return httpRules(manifest).flatMap(({ at, rule }) => {
    const hosts = aliasesOf(rule).map((host) => host.toLowerCase());
    const isBackend = manifest.type === "Backend Service";
    if (rule.path === undefined || (isBackend && hosts.length === 0)) return [];
    const sources = rule.allowed_source_ips ?? [];
    const loadBalancer = isBackend ? "internal" : (importedBy(manifest) ?? "public");
    return [{ at: [...at, "path"], path: rule.path, loadBalancer, hosts, sources, patterns: patternsOf(rule.path) }];
  });
}

/** Whether two rules wait for the same requests, so that one of them is never reached. */
export function isSameRoute(a: Route, b: Route): boolean {
  return (
    a.loadBalancer === b.loadBalancer &&
    meet(a.patterns, b.patterns) &&
    alike(a.hosts, b.hosts) &&
    alike(a.sources, b.sources)
  );
}

function importedBy(manifest: ReadManifest): string | undefined {
  return manifest.http && "alb" in manifest.http ? manifest.http.alb : undefined;
}

/** A path takes itself and all below it; a slash at its end makes no difference to people. */
function patternsOf(path: string): string[] {
  const plain = `/${path}`.replace(/^\/+/, "/").replace(/(?<=.)\/+$/, "");
  return plain === "/" ? ["/*"] : [plain, `${plain}/*`];
}

function meet(some: readonly string[], others: readonly string[]): boolean {
  return some.some((one) => others.includes(one));
}

/** Of two conditions: both are absent, or both let the same value in. */
function alike(some: readonly string[], others: readonly string[]): boolean {
  return (some.length === 0 && others.length === 0) || meet(some, others);
}
