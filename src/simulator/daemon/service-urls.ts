import type { ListenerRulePlan, ResolvedWorkloadPlan } from "../../plan/workload-plan.ts";
import type { Binding } from "../edge/edge.ts";
import { RoutingTable } from "../edge/routing-table.ts";
import { loadBalancerListener, networkListener, ownAddresses } from "./listener-ids.ts";
import { ruleConditions } from "./rule-conditions.ts";

/** Where a service of this plan answers, best first: through its load balancer as everybody gets there, at its own
 *  address, through its load balancer under a name, and through its network load balancer. What a rule does not let
 *  through from this machine, or cannot be carried, is not there. */
export function serviceUrls(
  serviceId: string,
  plan: ResolvedWorkloadPlan,
  binding: (listener: string) => Binding | undefined,
): string[] {
  const { app, env, loadBalancer, importedLoadBalancer, listenerRules, networkLoadBalancer } = plan;
  const port = (id: string) => {
    const bound = binding(id);
    return bound !== undefined && "port" in bound ? bound.port : undefined;
  };
  const shared = loadBalancer && port(loadBalancerListener(app, env, loadBalancer, importedLoadBalancer));
  const own = ownAddresses(serviceId, plan).flatMap(([id]) => port(id) ?? []);
  const carried = shared === undefined ? [] : listenerRules.filter((rule) => !speaksGrpc(plan, rule));
  const [plain, named] = [carried.map(plainHost), carried.map(namedHost)].map((hosts) =>
    hosts.flatMap((host, i) => (host === undefined ? [] : [`http://${host}:${shared}${pathOf(carried[i]!)}`])),
  );
  return [
    ...new Set([
      ...(plain ?? []),
      ...own.map((bound) => `http://127.0.0.1:${bound}/`),
      ...(named ?? []),
      ...(networkLoadBalancer?.listeners ?? []).flatMap((listener) => {
        const bound = port(networkListener(serviceId, listener));
        return bound === undefined ? [] : [`${listener.protocol === "UDP" ? "udp" : "tcp"}://127.0.0.1:${bound}`];
      }),
    ]),
  ];
}

/** The rules that no request from this machine meets, and why. */
export function unmetRules({ listenerRules }: ResolvedWorkloadPlan): string[] {
  return listenerRules
    .filter((rule) => !isMetFromHere(rule))
    .map((rule) => {
      const { paths, sources = [] } = ruleConditions(rule);
      const path = paths[0] === "/*" ? "/" : paths[0];
      return `the rule for ${path} takes requests from ${sources.join(" and ")} alone: none from this machine comes through`;
    });
}

/** Whether a request from this machine can meet a rule at all. */
function isMetFromHere(rule: ListenerRulePlan<never>): boolean {
  return rule.conditions.every(
    ({ SourceIpConfig }) =>
      SourceIpConfig === undefined ||
      takes({ paths: ["/*"], sources: SourceIpConfig.Values ?? [] }, { path: "/", host: "" }),
  );
}

/** The address, for a rule that asks for no name that the address has not. */
function plainHost(rule: ListenerRulePlan<never>): string | undefined {
  if (!isMetFromHere(rule)) return undefined;
  const { hosts } = ruleConditions(rule);
  return takes({ paths: ["/*"], hosts }, { path: "/", host: "127.0.0.1" }) ? "127.0.0.1" : undefined;
}

function namedHost(rule: ListenerRulePlan<never>): string | undefined {
  if (plainHost(rule) !== undefined || !isMetFromHere(rule)) return undefined;
  return ruleConditions(rule).hosts?.find((host) => host.endsWith(".localhost") && !/[*?]/.test(host));
}

function takes(
  conditions: { paths: string[]; hosts?: string[]; sources?: string[] },
  request: { path: string; host: string },
): boolean {
  const table = new RoutingTable([{ ...conditions, priority: 1, targetGroup: "it" }]);
  return table.targetGroupOf(request, "127.0.0.1") !== undefined;
}

/** The path of which the rule takes everything below. */
function pathOf(rule: ListenerRulePlan<never>): string {
  return ruleConditions(rule).paths[0]?.replace(/[*?].*$/, "") || "/";
}

function speaksGrpc({ targetGroups }: ResolvedWorkloadPlan, { targetGroup }: ListenerRulePlan<never>): boolean {
  return targetGroups.find(({ key }) => key === targetGroup)?.request.ProtocolVersion === "GRPC";
}
