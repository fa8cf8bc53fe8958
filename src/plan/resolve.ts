import { isLater } from "./is-later.ts";
import type { KnownLater, Later } from "./later.ts";
import type { ResolvedWorkloadPlan, TaskPlan, WorkloadPlan } from "./workload-plan.ts";

/** The parts of a plan that hold references. */
const parts = ["taskDefinition", "service", "listenerRules", "roles"] as const;

export type PlanPart = (typeof parts)[number];

/** Says what a reference of a part of the plan stands for. */
export type Lookup = (later: KnownLater, part: PlanPart) => string;

/** The plan with every reference replaced by what `lookup` knows of it. */
export function resolvePlan(plan: WorkloadPlan, lookup: Lookup): ResolvedWorkloadPlan {
  const resolved = { ...plan } as Record<string, unknown>;
  for (const part of parts) {
    if (plan[part] !== undefined) resolved[part] = replace(plan[part], (later) => lookup(later, part));
  }
  // The walk leaves no reference, which the cast says to the compiler.
  return resolved as unknown as ResolvedWorkloadPlan;
}

/** The task definition to read: what is not known yet stands as `<execution role>`, `<image of api>` … */
export function printableTaskDefinition(
  plan: Pick<TaskPlan, "taskDefinition">,
): ResolvedWorkloadPlan["taskDefinition"] {
  return replace(plan.taskDefinition, placeholder) as ResolvedWorkloadPlan["taskDefinition"];
}

/** The members of AWS's shapes that are maps with the user's keys. Their values are texts or references; they
 *  themselves are none, whatever the keys are. */
const userKeyed = new Set(["dockerLabels", "options", "labels", "driverOpts"]);

function replace(value: unknown, lookup: (later: KnownLater) => string, isUserKeyed = false): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value))
    return value.flatMap((item) => (isList(item) ? lookup(item).split(",") : [replace(item, lookup)]));
  if (!isUserKeyed && isLater(value)) return textOf(value, lookup);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, replace(item, lookup, userKeyed.has(key) && !isUserKeyed)]),
  );
}

function textOf(later: Later, lookup: (later: KnownLater) => string): string {
  if (!("join" in later)) return lookup(later);
  return later.join.map((part) => (typeof part === "string" ? part : textOf(part, lookup))).join("");
}

/** A reference that stands for several elements of the list that it is in. */
function isList(item: unknown): item is KnownLater {
  if (typeof item !== "object" || item === null || !isLater(item)) return false;
  return "subnetsWithTags" in item || ("env" in item && /^(Public|Private)Subnets$/.test(item.env));
}

function placeholder(later: KnownLater): string {
  if ("ref" in later) return `<${later.ref.replaceAll("-", " ")}>`;
  if ("image" in later) return `<image of ${later.image}>`;
  if ("import" in later) return `<export ${later.import}>`;
  if ("envFile" in later) return `<ARN of the environment file of ${later.envFile}>`;
  if ("topic" in later) return `<ARN of topic ${later.topic}>`;
  if ("queue" in later) return `<URL of queue ${later.queue}>`;
  if ("loadBalancer" in later) return `<DNS name of load balancer ${later.loadBalancer}>`;
  if ("addon" in later) return `<output ${later.addon} of the addons>`;
  if ("subnetsWithTags" in later) return `<subnets with tags ${Object.keys(later.subnetsWithTags).join(", ")}>`;
  return outputs[later.env];
}

const outputs: Record<Extract<Later, { env: string }>["env"], string> = {
  PublicLoadBalancerDNSName: "<DNS name of the public load balancer>",
  InternalLoadBalancerDNSName: "<DNS name of the internal load balancer>",
  InternalWorkloadsHostedZoneName: "<internal domain of the environment>",
  SubDomain: "<domain of the environment>",
  VpcId: "<VPC id>",
  PublicSubnets: "<public subnets>",
  PrivateSubnets: "<private subnets>",
  EnvironmentSecurityGroup: "<security group of the environment>",
  ManagedFileSystemID: "<file system of the environment>",
  AppRunnerVpcEndpointId: "<endpoint of App Runner in the VPC>",
};
