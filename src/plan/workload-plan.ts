import type { CreateServiceCommandInput, RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import type {
  CreateTargetGroupCommandInput,
  RuleCondition,
  TargetGroupAttribute,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Later, Pending } from "./later.ts";
import type { SubscribePlan } from "./queues.ts";

export type WorkloadType = "Load Balanced Web Service" | "Backend Service" | "Worker Service";

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

/** A file of the workspace that is uploaded for one container's `environmentFiles`. */
export interface EnvFilePlan {
  container: string;
  /** As the manifest names it, relative to the workspace's root. */
  path: string;
}

/** A target group with the container it leads to. `key` is unique within the workload: `main`, `rule1` … for rules of
 *  the load balancer, `nlb`, `nlb1` … for listeners of the workload's own network load balancer. */
export interface TargetGroupPlan {
  key: string;
  container: string;
  containerPort: number;
  /** AWS's request, without the names that only AWS needs. What only HTTP has is absent for a network load balancer. */
  request: Required<
    Pick<
      CreateTargetGroupCommandInput,
      | "Protocol"
      | "Port"
      | "TargetType"
      | "HealthCheckProtocol"
      | "HealthCheckIntervalSeconds"
      | "HealthCheckTimeoutSeconds"
      | "HealthyThresholdCount"
      | "UnhealthyThresholdCount"
    >
  > &
    Pick<CreateTargetGroupCommandInput, "ProtocolVersion" | "HealthCheckPath" | "HealthCheckPort" | "Matcher">;
  /** Members of the request that the manifest does not give, with what Elastic Load Balancing takes by itself. */
  implied?: TargetGroupMember[];
  attributes: TargetGroupAttribute[];
}

export type TargetGroupMember = keyof TargetGroupPlan["request"];

/** A rule of the environment's listener. Its priority is given at the first deploy and then kept:
 *  band `root` (path `/`) counts down from 50000, band `path` up from 1. All conditions have to be met; their order
 *  means nothing. */
export interface ListenerRulePlan<L = Later> {
  key: string;
  band: "root" | "path";
  /** As the manifest has it: `shop` or `/shop`. */
  path: string;
  conditions: Pending<RuleCondition, L>[];
  targetGroup: string;
  /** Present when the rule belongs to the HTTPS listener: what the HTTP listener does with the same requests. */
  http?: "redirect" | "forward";
}

/** The listeners of a network load balancer of the workload's own. */
export interface NetworkLoadBalancerPlan {
  listeners: {
    /** Also the key of its target group. */
    key: string;
    port: number;
    protocol: "TCP" | "UDP" | "TLS";
    /** Of a TLS listener. */
    sslPolicy?: string;
  }[];
  aliases: string[];
}

/** The part of ECS's CreateService that a manifest decides; the load balancers are the target groups. */
export type ServiceRequest<L = Later> = Required<Pick<CreateServiceCommandInput, "desiredCount">> & {
  deploymentConfiguration: {
    minimumHealthyPercent: number;
    maximumPercent: number;
    deploymentCircuitBreaker: { enable: boolean; rollback: boolean };
    alarms?: { alarmNames: string[]; enable: boolean; rollback: boolean };
  };
  /** Present when the service stands behind a load balancer. */
  healthCheckGracePeriodSeconds?: number;
} & Pending<
    Pick<
      CreateServiceCommandInput,
      | "launchType"
      | "capacityProviderStrategy"
      | "platformVersion"
      | "propagateTags"
      | "enableExecuteCommand"
      | "networkConfiguration"
      | "serviceConnectConfiguration"
    >,
    L
  >;

/** The name under which other workloads find the service: `name.namespace`. */
export interface DiscoveryPlan {
  namespace: string;
  name: string;
  /** For SRV records; absent for a service that does not listen. */
  port?: number;
}

/** Target tracking between two numbers of tasks. */
export interface ScalingPlan {
  minCapacity: number;
  maxCapacity: number;
  policies: {
    policyName: string;
    targetValue: number;
    /** In seconds, with fractions. */
    scaleInCooldown: number;
    scaleOutCooldown: number;
    metric:
      | { predefined: "ECSServiceAverageCPUUtilization" | "ECSServiceAverageMemoryUtilization" }
      | {
          namespace: "AWS/ApplicationELB";
          metricName: "RequestCountPerTarget" | "TargetResponseTime";
          statistic: "Sum" | "Average";
          /** The key of the target group that is measured. */
          targetGroup: string;
        }
      /** Messages that wait in this queue of the workload, for each task that runs. */
      | { backlogOf: string };
  }[];
}

/** An alarm of the workload's own that rolls a deployment back. The messages are those of the shared queue. */
export interface AlarmPlan {
  alarmName: string;
  metricName: "CPUUtilization" | "MemoryUtilization" | "ApproximateNumberOfMessagesDelayed";
  threshold: number;
}

export interface TopicPlan {
  /** As the manifest names it, without `.fifo`. */
  name: string;
  topicName: string;
  fifo: boolean;
  contentBasedDeduplication?: boolean;
}

/** The workload's way into the file system that the environment manages. */
export interface AccessPointPlan {
  uid: number;
  gid: number;
  path: string;
}

/** A statement of an IAM policy, in IAM's spelling. */
export interface PolicyStatement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Action: string[];
  Resource: string[];
  Condition?: { StringEquals: Record<string, string> };
}

/** A role of the task, which ECS tasks may assume. */
export interface RolePlan {
  /** ARNs. */
  managedPolicies: string[];
  policies: { PolicyName: string; Statement: PolicyStatement[] }[];
}

/** What there is to do for everything that runs as tasks of ECS. `L` is what may still be unknown: `Later` as planned,
 *  `never` as sent. */
export interface TaskPlan<L = Later> {
  app: string;
  env: string;
  name: string;
  builds: ImageBuild[];
  /** The finished images that the manifest names, by container. */
  images?: Record<string, string>;
  envFiles?: EnvFilePlan[];
  taskDefinition: Pending<RegisterTaskDefinitionCommandInput, L>;
  topics?: TopicPlan[];
  accessPoint?: AccessPointPlan;
  roles?: { execution: Pending<RolePlan, L>; task: Pending<RolePlan, L> };
  logRetentionDays: number;
  /** The manifest that the plan was made from, as it lay in the workspace; kept to be shown, it changes nothing. */
  manifest?: string;
}

/** Everything there is to do for one service. */
export interface WorkloadPlan<L = Later> extends TaskPlan<L> {
  type: WorkloadType;
  /** The container and port by which others reach the workload; without a port it does not listen. */
  main: { container: string; port?: number };
  /** The port of the main container's image, where it has one. */
  imagePort?: number;
  service: ServiceRequest<L>;
  /** Which load balancer of the environment the rules belong to; absent for a service without one. */
  loadBalancer?: "public" | "internal";
  /** The load balancer that the rules belong to in the environment's place, by name or ARN. */
  importedLoadBalancer?: string;
  targetGroups: TargetGroupPlan[];
  listenerRules: ListenerRulePlan<L>[];
  /** Names of the rules that get a DNS record in a zone that the manifest names: zone → names. */
  aliasRecords?: Record<string, string[]>;
  networkLoadBalancer?: NetworkLoadBalancerPlan;
  discovery?: DiscoveryPlan;
  scaling?: ScalingPlan;
  alarms?: AlarmPlan[];
  /** Of a Worker Service. */
  subscribe?: SubscribePlan;
}

/** A plan with nothing left open: the only kind that can be sent. */
export type ResolvedWorkloadPlan = WorkloadPlan<never>;
