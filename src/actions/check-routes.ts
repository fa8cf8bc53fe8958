import type { Diagnostic, Place } from "../errors.ts";
import { isReadService, type LoadedManifest } from "../manifest/load.ts";
import { dotted } from "../manifest/problems.ts";
import { isSameRoute, type Route, routesOf } from "../manifest/routes.ts";
import { quoted } from "../manifest/words.ts";

/** A route with where its path stands. */
export interface PlacedRoute extends Route {
  place: Place;
}

/** A workload as it counts in one environment. */
export interface RoutedWorkload {
  name: string;
  routes: readonly PlacedRoute[];
}

interface Claim {
  workload: RoutedWorkload;
  route: PlacedRoute;
}

export interface RouteConflict {
  between: [RoutedWorkload, RoutedWorkload];
  /** At the place of the second. */
  problem: Diagnostic;
}

export function placedRoutes(loaded: LoadedManifest): PlacedRoute[] {
  if (!isReadService(loaded.readable)) return [];
  return routesOf(loaded.readable).map((route) => ({ ...route, place: loaded.place(route.at) }));
}

/** Services of one environment that wait for the same requests of one load balancer: each conflict once, told at the place
 *  of the later workload, or of the one that is asked about.
 *  @param concerned the workloads that are asked about; absent: all */
export function routeConflicts(workloads: readonly RoutedWorkload[], concerned?: ReadonlySet<string>): RouteConflict[] {
  const claims = new Map<string, Claim[]>();
  const found = new Map<string, RouteConflict>();
  const isConcerned = ({ workload }: Claim) => !concerned || concerned.has(workload.name);
  for (const workload of workloads) {
    for (const route of workload.routes) {
      const claim = { workload, route };
      for (const key of keysOf(route)) {
        const others = claims.get(key) ?? [];
        // One is enough: of many services on one path, each is told about the first.
        const other = others.find((each) => each.workload.name !== workload.name && isSameRoute(each.route, route));
        claims.set(key, [...others, claim]);
        if (!other || (!isConcerned(other) && !isConcerned(claim))) continue;
        const [first, second] = isConcerned(claim) ? [other, claim] : [claim, other];
        const problem = conflict(first, second);
        const { file, line, column, message } = problem;
        found.set(`${file} ${line} ${column} ${message}`, { between: [first.workload, second.workload], problem });
      }
    }
  }
  return [...found.values()];
}

/** Routes for the same requests have one of these in common. */
function keysOf({ loadBalancer, hosts, patterns }: Route): string[] {
  const names = hosts.length > 0 ? hosts : [""];
  return patterns.flatMap((pattern) => names.map((host) => `${loadBalancer} ${host} ${pattern}`));
}

function conflict(first: Claim, second: Claim): Diagnostic {
  const { file, line, column } = first.route.place;
  const hosts = second.route.hosts.filter((host) => first.route.hosts.includes(host));
  const names = hosts.length > 0 ? ` of ${hosts.map(quoted).join(", ")}` : "";
  const here = second.route.place;
  return {
    severity: "error",
    code: "http/same-path",
    message: `the service ${quoted(first.workload.name)} has the path ${quoted(first.route.path)}${names} too, at ${file}:${line}:${column}`,
    hint: "a load balancer sends a request to one service: give one of the two another `path` or an `alias` of its own",
    file: here.file,
    line: here.line ?? 1,
    column: here.column ?? 1,
    path: dotted(second.route.at),
  };
}
