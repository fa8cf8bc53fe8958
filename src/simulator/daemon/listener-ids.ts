import type { ResolvedWorkloadPlan } from "../../plan/workload-plan.ts";

/** The ids of listeners, under which their ports are kept. No workload's name has a colon. */

export type LoadBalancerName = "public" | "internal";

/** Of a load balancer of the environment; of one that exists already when its name or ARN is given. */
export function loadBalancerListener(app: string, env: string, which: LoadBalancerName, imported?: string): string {
  return imported === undefined ? `${app}/${env}/alb:${which}` : `${app}/${env}/imported:${imported}`;
}

/** Of a listener of a service's network load balancer. */
export function networkListener(serviceId: string, key: string): string {
  return `${serviceId}:${key}`;
}

/** All that a service of this plan is reached by: its load balancer's, its own address, and its network load balancer's. */
export function listenersOf(serviceId: string, plan: ResolvedWorkloadPlan): string[] {
  const { app, env, loadBalancer, importedLoadBalancer, networkLoadBalancer } = plan;
  return [
    ...(loadBalancer === undefined
      ? []
      : [loadBalancerListener(app, env, loadBalancer, importedLoadBalancer), serviceId]),
    ...(networkLoadBalancer?.listeners ?? []).map(({ key }) => networkListener(serviceId, key)),
  ];
}

/** A listener's name for people. */
export function listenerTitle(id: string): string {
  const [, place, kind, name] = /^([^/]*\/[^/]*)\/(alb|imported):(.*)$/s.exec(id) ?? [];
  if (kind === "alb") return `the ${name} load balancer of ${place}`;
  if (kind === "imported") return `the load balancer ${name} of ${place}`;
  const [serviceId, listener] = id.split(":");
  return listener === undefined ? `the address of ${id}` : `the listener ${listener} of ${serviceId}`;
}
