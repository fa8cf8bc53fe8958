import type { CreateTargetGroupCommandInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { parsePortMapping } from "../manifest/port-mapping.ts";
import { type HttpRule, type NlbListener, httpTarget, nlbTarget } from "../manifest/targets.ts";
import { rootedPath } from "./rooted-path.ts";
import { seconds } from "./seconds.ts";
import type { PlanInput } from "./service-plan-input.ts";
import type { TargetGroupMember, TargetGroupPlan } from "./workload-plan.ts";

/** The target group of a rule: Copilot's defaults where Copilot has some, else those of Elastic Load Balancing. */
export function httpTargetGroup({ manifest, exposed }: PlanInput, key: string, rule: HttpRule): TargetGroupPlan {
  const { container, port } = httpTarget(manifest, rule, exposed);
  if (port === undefined) throw new Error(`${container} stands behind a load balancer and has no port`);
  const check = typeof rule.healthcheck === "object" ? rule.healthcheck : { path: rule.healthcheck };
  const version = (rule.version ?? "HTTP1").toUpperCase();
  return {
    key,
    container,
    containerPort: port,
    request: {
      Protocol: protocolOf(port),
      ProtocolVersion: version,
      Port: port,
      TargetType: "ip",
      HealthCheckProtocol: protocolOf(check.port ?? port),
      HealthCheckPath: rootedPath(check.path ?? "/"),
      ...checkNumbers(check, { interval: "30s", timeout: "5s", healthy: 5, unhealthy: 2 }),
      Matcher:
        version === "GRPC" ? { GrpcCode: check.success_codes ?? "12" } : { HttpCode: check.success_codes ?? "200" },
    },
    implied: [
      ...(rule.version === undefined ? ["ProtocolVersion" as const] : []),
      ...([port, check.port].includes(443) ? [] : ["HealthCheckProtocol" as const]),
      ...impliedNumbers(check),
      ...(check.success_codes === undefined ? ["Matcher" as const] : []),
    ],
    attributes: [
      delay(rule.deregistration_delay),
      { Key: "stickiness.enabled", Value: String(rule.stickiness ?? false) },
    ],
  };
}

/** The target group of a listener of a network load balancer, which speaks UDP where the listener does, else TCP. */
export function nlbTargetGroup({ manifest, exposed }: PlanInput, key: string, listener: NlbListener): TargetGroupPlan {
  const { container, port } = nlbTarget(manifest, listener, exposed);
  const { protocol } = parsePortMapping(listener.port ?? "") ?? {};
  const { stickiness } = listener;
  if (port === undefined) throw new Error(`${container} stands behind a load balancer and has no port`);
  return {
    key,
    container,
    containerPort: port,
    request: {
      Protocol: protocol === "udp" ? "UDP" : "TCP",
      Port: port,
      TargetType: "ip",
      HealthCheckProtocol: "TCP",
      ...checkNumbers(listener.healthcheck ?? {}, { interval: "30s", timeout: "10s", healthy: 3, unhealthy: 3 }),
    },
    implied: ["HealthCheckProtocol", ...impliedNumbers(listener.healthcheck ?? {})],
    attributes: [
      delay(listener.deregistration_delay),
      ...(stickiness === undefined || protocol === "tls"
        ? []
        : [{ Key: "stickiness.enabled", Value: String(stickiness) }]),
    ],
  };
}

type HealthCheck = NonNullable<NlbListener["healthcheck"]>;

function checkNumbers(
  check: HealthCheck,
  defaults: { interval: string; timeout: string; healthy: number; unhealthy: number },
) {
  return {
    ...(check.port !== undefined && { HealthCheckPort: String(check.port) }),
    HealthCheckIntervalSeconds: seconds(check.interval ?? defaults.interval),
    HealthCheckTimeoutSeconds: seconds(check.timeout ?? defaults.timeout),
    HealthyThresholdCount: check.healthy_threshold ?? defaults.healthy,
    UnhealthyThresholdCount: check.unhealthy_threshold ?? defaults.unhealthy,
  } satisfies Partial<CreateTargetGroupCommandInput>;
}

function impliedNumbers({
  interval,
  timeout,
  healthy_threshold,
  unhealthy_threshold,
}: HealthCheck): TargetGroupMember[] {
  const given: [TargetGroupMember, unknown][] = [
    ["HealthCheckIntervalSeconds", interval],
    ["HealthCheckTimeoutSeconds", timeout],
    ["HealthyThresholdCount", healthy_threshold],
    ["UnhealthyThresholdCount", unhealthy_threshold],
  ];
  return given.flatMap(([member, value]) => (value === undefined ? [member] : []));
}

function delay(given = "60s") {
  return { Key: "deregistration_delay.timeout_seconds", Value: String(seconds(given)) };
}

function protocolOf(port: number): "HTTP" | "HTTPS" {
  return port === 443 ? "HTTPS" : "HTTP";
}
