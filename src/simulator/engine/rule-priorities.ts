import type { ResolvedWorkloadPlan } from "../../plan/workload-plan.ts";
import type { Draft } from "./draft.ts";
import { sameJson } from "./same-json.ts";

const LOWEST = 1;
const HIGHEST = 50_000;
/** Priorities above belong to the band `root`, the others to the band `path`. */
const MIDDLE = 25_000;

/** The priorities of a service's listener rules. A rule keeps the one it has, unless another service of the same load
 *  balancer has it (this one has moved there); a new one goes behind all others of its band: `path` counts up from 1,
 *  `root` down from 50000. */
export function rulePriorities(draft: Draft, serviceId: string, plan: ResolvedWorkloadPlan): Record<string, number> {
  const old = draft.service(serviceId)?.rulePriorities ?? {};
  const taken = new Set(takenByOthers(draft, serviceId, plan));
  const result: Record<string, number> = {};
  for (const [key, priority] of Object.entries(old)) {
    const band = plan.listenerRules.find((rule) => rule.key === key)?.band;
    const moved = band !== undefined && band !== (priority > MIDDLE ? "root" : "path");
    if (taken.has(priority) || moved) continue;
    result[key] = priority;
    taken.add(priority);
  }
  for (const { key, band } of plan.listenerRules) {
    if (Object.hasOwn(result, key)) continue;
    const priority = band === "root" ? firstBelow(taken) : firstAbove(taken);
    result[key] = priority;
    taken.add(priority);
  }
  return sameJson(result, old) ? old : result;
}

function takenByOthers(draft: Draft, serviceId: string, plan: ResolvedWorkloadPlan): number[] {
  return draft.serviceIds().flatMap((id) => {
    const service = draft.service(id);
    const other = service?.deployments[0]?.spec.plan;
    if (service === undefined || id === serviceId || service.app !== plan.app || service.env !== plan.env) return [];
    const shared =
      other?.loadBalancer === plan.loadBalancer && other?.importedLoadBalancer === plan.importedLoadBalancer;
    return shared ? Object.values(service.rulePriorities) : [];
  });
}

function firstAbove(taken: ReadonlySet<number>): number {
  return Math.max(LOWEST - 1, ...[...taken].filter((priority) => priority <= MIDDLE)) + 1;
}

function firstBelow(taken: ReadonlySet<number>): number {
  return Math.min(HIGHEST + 1, ...[...taken].filter((priority) => priority > MIDDLE)) - 1;
}
