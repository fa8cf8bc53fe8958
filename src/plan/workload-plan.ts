import type { CreateServiceCommandInput, RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import type {
  CreateTargetGroupCommandInput,
  RuleCondition,
  TargetGroupAttribute,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Later, Pending } from "./later.ts";

export type WorkloadType = "Load Balanced Web Service" | "Backend Service";

/** An image to build for one container of the workload. Paths are relative to the workspace's root. */
export interface ImageBuild {
  container: string;
  dockerfile: string;
  context: string;
  args: Record<string, string>;
  target?: string;
  cacheFrom: string[];
  /** As docker spells it: `linux/amd64`. */
  platform: string;
}

/** A target group with the container it leads to. `key` is unique within the workload: `main`, later `rule1` … */
export interface TargetGroupPlan {
  key: string;
  container: string;
  containerPort: number;
  /** AWS's request, without the names that only AWS needs. */
  request: Required<
    Pick<
      CreateTargetGroupCommandInput,
      | "Protocol"
      | "ProtocolVersion"
      | "Port"
      | "TargetType"
      | "HealthCheckProtocol"
      | "HealthCheckPath"
      | "HealthCheckIntervalSeconds"
      | "HealthCheckTimeoutSeconds"
      | "HealthyThresholdCount"
      | "UnhealthyThresholdCount"
      | "Matcher"
    >
  > &
    Pick<CreateTargetGroupCommandInput, "HealthCheckPort">;
  attributes: TargetGroupAttribute[];
}

/** A rule of the environment's HTTP listener. Its priority is given at the first deploy and then kept:
 *  band `root` (path `/`) counts down from 50000, band `path` up from 1. */
export interface ListenerRulePlan {
  key: string;
  band: "root" | "path";
  conditions: RuleCondition[];
  targetGroup: string;
}

/** The part of ECS's CreateService that a manifest decides. */
export type ServiceRequest = Required<Pick<CreateServiceCommandInput, "desiredCount">> & {
  deploymentConfiguration: {
    minimumHealthyPercent: number;
    maximumPercent: number;
    deploymentCircuitBreaker: { enable: boolean; rollback: boolean };
  };
  /** Present when the service stands behind a load balancer. */
  healthCheckGracePeriodSeconds?: number;
};

/** Everything there is to do for one workload. `L` is what may still be unknown: `Later` as planned, `never` as sent. */
export interface WorkloadPlan<L = Later> {
  app: string;
  env: string;
  name: string;
  type: WorkloadType;
  builds: ImageBuild[];
  taskDefinition: Pending<RegisterTaskDefinitionCommandInput, L>;
  service: ServiceRequest;
  /** Which load balancer of the environment the rules belong to; absent for a service without one. */
  loadBalancer?: "public" | "internal";
  targetGroups: TargetGroupPlan[];
  listenerRules: ListenerRulePlan[];
  logRetentionDays: number;
}

/** A plan with nothing left open: the only kind that can be sent. */
export type ResolvedWorkloadPlan = WorkloadPlan<never>;
