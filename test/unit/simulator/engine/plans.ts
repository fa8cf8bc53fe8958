import type { ResolvedWorkloadPlan } from "../../../../src/plan/workload-plan.ts";
import type { DeploymentSpec } from "../../../../src/simulator/engine/state.ts";

export interface SpecOptions {
  name?: string;
  desired?: number;
  minimum?: number;
  maximum?: number;
  image?: string;
  /** Left to the first task to find out. */
  unpinned?: boolean;
  breaker?: boolean;
  rollback?: boolean;
  noRollback?: boolean;
  /** Without one, 40 s in RUNNING make a task healthy. */
  loadBalancer?: boolean;
  /** In seconds of AWS. */
  grace?: number;
  drain?: number;
  path?: string;
  stopTimeout?: number;
  variable?: string;
  /** More about the container `web`. */
  web?: Partial<ContainerDefinition>;
  /** Containers beside `web`. */
  sidecars?: ContainerDefinition[];
  /** Target groups beside `main`: key → container. */
  groups?: Record<string, string>;
}

export type ContainerDefinition = NonNullable<ResolvedWorkloadPlan["taskDefinition"]["containerDefinitions"]>[number];

/** What a deploy of a small web service asks for. */
export function webSpec(options: SpecOptions = {}): DeploymentSpec {
  const { image = "sha256:one", noRollback = false, unpinned = false } = options;
  const sidecars = (options.sidecars ?? []).map(({ name = "", image: own = "" }) => [name, own]);
  const images: Record<string, string> = unpinned ? {} : { web: image, ...Object.fromEntries(sidecars) };
  return { plan: webPlan(options), images, noRollback };
}

function webPlan(options: SpecOptions): ResolvedWorkloadPlan {
  const { name = "api", desired = 1, minimum = 100, maximum = 200, loadBalancer = true, path = `/${name}` } = options;
  return {
    app: "shop",
    env: "local",
    name,
    type: loadBalancer ? "Load Balanced Web Service" : "Backend Service",
    builds: [],
    main: { container: "app" },
    taskDefinition: {
      family: `shop-local-${name}`,
      containerDefinitions: [
        {
          name: "web",
          image: "web:latest",
          essential: true,
          portMappings: [{ containerPort: 80 }],
          environment: options.variable === undefined ? [] : [{ name: "VARIABLE", value: options.variable }],
          ...(options.stopTimeout === undefined ? {} : { stopTimeout: options.stopTimeout }),
          ...options.web,
        },
        ...(options.sidecars ?? []),
      ],
    },
    service: {
      desiredCount: desired,
      deploymentConfiguration: {
        minimumHealthyPercent: minimum,
        maximumPercent: maximum,
        deploymentCircuitBreaker: { enable: options.breaker ?? true, rollback: options.rollback ?? true },
      },
      ...(loadBalancer ? { healthCheckGracePeriodSeconds: options.grace ?? 60 } : {}),
    },
    ...(loadBalancer ? { loadBalancer: "public" as const } : {}),
    targetGroups: loadBalancer
      ? Object.entries({ main: "web", ...options.groups }).map(([key, container]) =>
          targetGroup(key, container, options.drain ?? 60),
        )
      : [],
    listenerRules: loadBalancer
      ? [
          {
            key: "main",
            path: "/",
            band: path === "/" ? "root" : "path",
            conditions: [{ Field: "path-pattern", PathPatternConfig: { Values: [path] } }],
            targetGroup: "main",
          },
        ]
      : [],
    logRetentionDays: 30,
  };
}

function targetGroup(key: string, container: string, drain: number): ResolvedWorkloadPlan["targetGroups"][number] {
  return {
    key,
    container,
    containerPort: container === "web" ? 80 : 81,
    request: {
      Protocol: "HTTP",
      ProtocolVersion: "HTTP1",
      Port: 80,
      TargetType: "ip",
      HealthCheckProtocol: "HTTP",
      HealthCheckPath: "/",
      HealthCheckIntervalSeconds: 10,
      HealthCheckTimeoutSeconds: 5,
      HealthyThresholdCount: 2,
      UnhealthyThresholdCount: 2,
      Matcher: { HttpCode: "200" },
    },
    attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: String(drain) }],
  };
}
