import type { KeyTree } from "../schema/key-tree.ts";
import type { SupportedWorkloadType } from "../workload-types.ts";

/** The keys of Copilot's manifests that this version does not read yet. A key moves from here into a schema. */

const keys = (...names: string[]): KeyTree => Object.fromEntries(names.map((name) => [name, {}]));

const cooldown = { cooldown: keys("in", "out") };
const metric = { ...keys("value"), ...cooldown };
const secrets: KeyTree = { "*": keys("secretsmanager", "from_cfn") };
const variables: KeyTree = { "*": keys("from_cfn") };
const containerHealthCheck = keys("command", "interval", "retries", "timeout", "start_period");
const alias = keys("name", "hosted_zone");
const loadBalancerHealthCheck = keys(
  "path",
  "port",
  "success_codes",
  "healthy_threshold",
  "unhealthy_threshold",
  "interval",
  "timeout",
);

const image: KeyTree = { ...keys("credentials", "labels"), depends_on: keys("*"), healthcheck: containerHealthCheck };

const httpRule: KeyTree = {
  ...keys("version", "target_container", "targetContainer", "target_port", "stickiness"),
  ...keys("allowed_source_ips", "hosted_zone", "redirect_to_https"),
  alias,
};

const http: KeyTree = {
  ...httpRule,
  ...keys("alb"),
  additional_rules: { ...httpRule, ...keys("path", "deregistration_delay"), healthcheck: loadBalancerHealthCheck },
};

const nlbListener: KeyTree = {
  ...keys("port", "target_container", "target_port", "ssl_policy", "stickiness", "deregistration_delay"),
  healthcheck: keys("port", "healthy_threshold", "unhealthy_threshold", "interval", "timeout", "grace_period"),
};

const sidecar: KeyTree = {
  ...keys("port", "essential", "credentialsParameter", "env_file", "labels", "entrypoint", "command"),
  image: { build: keys("dockerfile", "context", "args", "target", "cache_from"), location: {} },
  variables,
  secrets,
  depends_on: keys("*"),
  healthcheck: containerHealthCheck,
  mount_points: keys("source_volume", "path", "read_only"),
};

const task: KeyTree = {
  ...keys("entrypoint", "command", "env_file"),
  image,
  platform: keys("osfamily", "architecture"),
  count: {
    ...keys("spot"),
    range: keys("min", "max", "spot_from"),
    ...cooldown,
    cpu_percentage: metric,
    memory_percentage: metric,
    requests: metric,
    response_time: metric,
  },
  exec: keys("enable"),
  variables,
  secrets,
  storage: {
    ...keys("ephemeral", "readonly_fs"),
    volumes: {
      "*": {
        ...keys("path", "read_only"),
        efs: { ...keys("root_dir", "uid", "gid"), id: keys("from_cfn"), auth: keys("iam", "access_point_id") },
      },
    },
  },
  logging: {
    ...keys("retention", "image", "enableMetadata", "configFilePath", "env_file"),
    destination: keys("*"),
    secretOptions: secrets,
    variables,
    secrets,
  },
  sidecars: { "*": sidecar },
  network: {
    connect: keys("alias"),
    vpc: {
      placement: { subnets: { from_tags: keys("*") } },
      security_groups: { ...keys("deny_default", "from_cfn"), groups: keys("from_cfn") },
    },
  },
  publish: {
    topics: {
      ...keys("name"),
      fifo: keys("content_based_deduplication", "deduplication_scope", "throughput_limit", "high_throughput"),
    },
  },
  observability: keys("tracing"),
  deployment: { ...keys("rolling"), rollback_alarms: keys("cpu_utilization", "memory_utilization") },
  taskdef_overrides: keys("path", "value"),
};

export const copilotKeysNotRead: Record<SupportedWorkloadType, KeyTree> = {
  "Load Balanced Web Service": { ...task, http, nlb: { ...nlbListener, alias, additional_listeners: nlbListener } },
  "Backend Service": { ...task, http },
};
