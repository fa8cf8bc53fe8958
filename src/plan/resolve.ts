import { isLater } from "./is-later.ts";
import type { Later } from "./later.ts";
import type { ResolvedWorkloadPlan, WorkloadPlan } from "./workload-plan.ts";

/** The plan with every reference replaced by what `lookup` knows of it. */
export function resolvePlan(plan: WorkloadPlan, lookup: (later: Later) => string): ResolvedWorkloadPlan {
  // References stand in the task definition alone; the walk leaves none, which the cast says to the compiler.
  return {
    ...plan,
    taskDefinition: replace(plan.taskDefinition, lookup) as ResolvedWorkloadPlan["taskDefinition"],
  };
}

/** The task definition to read: what is not known yet stands as `<execution role>`, `<image of api>` … */
export function printableTaskDefinition(plan: WorkloadPlan): ResolvedWorkloadPlan["taskDefinition"] {
  return resolvePlan(plan, placeholder).taskDefinition;
}

function replace(value: unknown, lookup: (later: Later) => string): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => replace(item, lookup));
  if (isLater(value)) return lookup(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item, lookup)]));
}

function placeholder(later: Later): string {
  if ("image" in later) return `<image of ${later.image}>`;
  if ("ref" in later) return `<${later.ref.replace("-", " ")}>`;
  return outputs[later.env];
}

const outputs: Record<Extract<Later, { env: string }>["env"], string> = {
  PublicLoadBalancerDNSName: "<DNS name of the public load balancer>",
  InternalLoadBalancerDNSName: "<DNS name of the internal load balancer>",
  VpcId: "<VPC id>",
};
