import type { ResolvedWorkloadPlan, TargetGroupPlan } from "../../plan/workload-plan.ts";

/** The ids of listeners, under which their ports are kept. No workload's name has a colon, and no listener's begins with
 *  one. */

export type LoadBalancerName = "public" | "internal";

/** Of a load balancer of the environment; of one that exists already when its name or ARN is given. */
export function loadBalancerListener(app: string, env: string, which: LoadBalancerName, imported?: string): string {
  return imported === undefined ? `${app}/${env}/alb::${which}` : `${app}/${env}/imported::${imported}`;
}

/** Of a listener of a service's network load balancer: another port is another listener. */
export function networkListener(serviceId: string, { port, protocol }: NetworkListener): string {
  return `${serviceId}:${port}/${protocol.toLowerCase()}`;
}

type NetworkListener = NonNullable<ResolvedWorkloadPlan["networkLoadBalancer"]>["listeners"][number];

/** The addresses of a service where no rule stands in the way: of its main rule's target group, and of each further
 *  group that the load balancer cannot speak to in its own protocol. Listener id → key of the target group. */
export function ownAddresses(
  serviceId: string,
  { listenerRules, targetGroups }: ResolvedWorkloadPlan,
): [string, string][] {
  const [main, ...others] = listenerRules.map(({ targetGroup }) => targetGroup);
  if (main === undefined) return [];
  const passed = others.filter((key) => !speaksHttp1(targetGroups.find((group) => group.key === key)));
  return [[serviceId, main], ...passed.map((key): [string, string] => [`${serviceId}:${key}`, key])];
}

export function speaksHttp1(group: TargetGroupPlan | undefined): boolean {
  const version = group?.request.ProtocolVersion;
  return version !== "HTTP2" && version !== "GRPC";
}

/** All that a service of this plan is reached by: its load balancer's, its own addresses, and its network load
 *  balancer's. */
export function listenersOf(serviceId: string, plan: ResolvedWorkloadPlan): string[] {
  const { app, env, loadBalancer, importedLoadBalancer, networkLoadBalancer } = plan;
  return [
    ...(loadBalancer === undefined ? [] : [loadBalancerListener(app, env, loadBalancer, importedLoadBalancer)]),
    ...ownAddresses(serviceId, plan).map(([id]) => id),
    ...(networkLoadBalancer?.listeners ?? []).map((listener) => networkListener(serviceId, listener)),
  ];
}

/** A listener's name for people. */
export function listenerTitle(id: string): string {
  const [, place, kind, name] = /^([^/]*\/[^/]*)\/(alb|imported)::(.*)$/s.exec(id) ?? [];
  if (kind === "alb") return `the ${name} load balancer of ${place}`;
  if (kind === "imported") return `the load balancer ${name} of ${place}`;
  const [serviceId, listener] = id.split(":");
  return listener === undefined ? `the address of ${id}` : `the listener ${listener} of ${serviceId}`;
}
