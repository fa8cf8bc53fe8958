import type { ServiceManifest, TaskManifest } from "../manifest/load.ts";
import type { Exposed, Target } from "../manifest/targets.ts";
import type { AddonOutputs } from "./addon-outputs.ts";
import type { SubscribePlan } from "./queues.ts";
import type { WorkloadPlan } from "./workload-plan.ts";

/** What the parts of a plan are made from. */
export interface PlanInput {
  manifest: TaskManifest;
  app: string;
  env: string;
  /** The names that services of the environment find each other under end in this. */
  namespace: string;
  loadBalancer: WorkloadPlan["loadBalancer"];
  /** Whether that load balancer listens with HTTPS: the application has a domain, or the environment certificates. */
  https: boolean;
  exposed: readonly Exposed[];
  /** The container and port that others reach the service by; without a port it does not listen. */
  main: Target;
  /** Of a Worker Service. */
  subscribe?: SubscribePlan;
  /** What its addons give it. */
  addons?: AddonOutputs;
}

export interface ServicePlanInput extends PlanInput {
  manifest: ServiceManifest;
}
