import type { Diagnostic } from "../errors.ts";
import type { LoadedManifest } from "../manifest/load.ts";
import { isSameRoute, type Route, routesOf } from "../manifest/routes.ts";
import { quoted } from "../manifest/words.ts";
import { diagnosticAt } from "./diagnostic-at.ts";

/** A workload as it counts in one environment. */
export interface WorkloadInEnvironment {
  name: string;
  loaded: LoadedManifest;
}

interface Claim extends WorkloadInEnvironment {
  route: Route;
}

/** Finds services of one environment that wait for the same requests of one load balancer. */
export class RouteChecks {
  readonly #routes = new Map<LoadedManifest, Route[]>();

  /** Each conflict once, told at the place of the later workload, or of the one that is asked about.
   *  @param concerned the workloads that are asked about; absent: all */
  conflicts(
    workloads: readonly WorkloadInEnvironment[],
    concerned?: ReadonlySet<string>,
  ): { between: [WorkloadInEnvironment, WorkloadInEnvironment]; problem: Diagnostic }[] {
    const claims = new Map<string, Claim[]>();
    const found = new Map<string, { between: [Claim, Claim]; problem: Diagnostic }>();
    for (const workload of workloads) {
      for (const route of this.#routesOf(workload.loaded)) {
        const claim = { ...workload, route };
        for (const key of keysOf(route)) {
          const others = claims.get(key) ?? [];
          // One is enough: of many services on one path, each is told about the first.
          const other = others.find((each) => each.name !== claim.name && isSameRoute(each.route, route));
          claims.set(key, [...others, claim]);
          if (!other || (concerned && !concerned.has(other.name) && !concerned.has(claim.name))) continue;
          const [first, second] = !concerned || concerned.has(claim.name) ? [other, claim] : [claim, other];
          const problem = conflict(first, second);
          const { file, line, column, message } = problem;
          found.set(`${file} ${line} ${column} ${message}`, { between: [first, second], problem });
        }
      }
    }
    return [...found.values()];
  }

  #routesOf(loaded: LoadedManifest): Route[] {
    let routes = this.#routes.get(loaded);
    if (!routes) this.#routes.set(loaded, (routes = routesOf(loaded.readable)));
    return routes;
  }
}

/** Routes for the same requests have one of these in common. */
function keysOf({ loadBalancer, hosts, patterns }: Route): string[] {
  const names = hosts.length > 0 ? hosts : [""];
  return patterns.flatMap((pattern) => names.map((host) => `${loadBalancer} ${host} ${pattern}`));
}

function conflict(first: Claim, second: Claim): Diagnostic {
  const { file, line, column } = first.loaded.place(first.route.at);
  const hosts = second.route.hosts.filter((host) => first.route.hosts.includes(host));
  const names = hosts.length > 0 ? ` of ${hosts.map(quoted).join(", ")}` : "";
  return diagnosticAt(second.loaded, second.route.at, {
    severity: "error",
    code: "http/same-path",
    message: `the service ${quoted(first.name)} has the path ${quoted(first.route.path)}${names} too, at ${file}:${line}:${column}`,
    hint: "a load balancer sends a request to one service: give one of the two another `path` or an `alias` of its own",
  });
}
