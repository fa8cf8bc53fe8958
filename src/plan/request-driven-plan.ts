import type { Later, Pending } from "./later.ts";
import type { ImageBuild, RolePlan, TopicPlan } from "./workload-plan.ts";

/** What App Runner is asked to run, in the words of its CreateService; ports and sizes are whole numbers. */
export interface AppRunnerServicePlan<L = Later> {
  serviceName: string;
  port: number;
  startCommand?: string;
  variables: Pending<{ name: string; value: string }, L>[];
  secrets: Pending<{ name: string; valueFrom: string }, L>[];
  cpu: number;
  memory: number;
  /** What the manifest says of it; App Runner fills in the rest, and checks by TCP when the block is absent. Times are
   *  in seconds. */
  healthCheck?: {
    path?: string;
    interval?: number;
    timeout?: number;
    healthyThreshold?: number;
    unhealthyThreshold?: number;
  };
  /** `name/revision` of one of App Runner's autoscaling configurations. */
  autoScalingConfiguration?: string;
  tracing: boolean;
  /** The manifest's, beside Copilot's own three. */
  tags: { key: string; value: string }[];
}

/** Everything there is to do for a Request-Driven Web Service. `L` is what may still be unknown. */
export interface RequestDrivenPlan<L = Later> {
  app: string;
  env: string;
  name: string;
  type: "Request-Driven Web Service";
  builds: ImageBuild[];
  /** The finished image that the manifest names; absent when one is built. */
  image?: { name: string; repository: "ECR" | "ECR_PUBLIC" };
  service: AppRunnerServicePlan<L>;
  /** The policies of the containers' role. */
  instancePolicies: Pending<RolePlan["policies"], L>;
  /** ARNs of others that it has. */
  instanceManagedPolicies?: Pending<string, L>[];
  /** The subnets that its requests go out through; absent: the internet. */
  egress?: { subnets: Pending<string, L>[] };
  /** The endpoint of the VPC through which alone it is reached; absent: from the internet. */
  privateEndpoint?: Pending<string, L>;
  alias?: string;
  topics: TopicPlan[];
}
