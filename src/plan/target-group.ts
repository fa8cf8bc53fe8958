import type { WorkloadManifest } from "../manifest/load.ts";
import { rootedPath } from "./rooted-path.ts";
import { seconds } from "./seconds.ts";
import type { TargetGroupPlan } from "./workload-plan.ts";

export type HttpManifest = Exclude<WorkloadManifest["http"], false | undefined>;

/** The target group of the main rule: Copilot's defaults where Copilot has some, else those of Elastic Load Balancing. */
export function targetGroup({ name, image }: WorkloadManifest, http: HttpManifest): TargetGroupPlan {
  if (image.port === undefined) throw new Error(`${name} stands behind a load balancer and has no port`);
  const check = typeof http.healthcheck === "object" ? http.healthcheck : { path: http.healthcheck };
  return {
    key: "main",
    container: name,
    containerPort: image.port,
    request: {
      Protocol: protocolOf(image.port),
      ProtocolVersion: "HTTP1",
      Port: image.port,
      TargetType: "ip",
      HealthCheckProtocol: protocolOf(check.port ?? image.port),
      HealthCheckPath: rootedPath(check.path ?? "/"),
      ...(check.port !== undefined && { HealthCheckPort: String(check.port) }),
      HealthCheckIntervalSeconds: seconds(check.interval ?? "30s"),
      HealthCheckTimeoutSeconds: seconds(check.timeout ?? "5s"),
      HealthyThresholdCount: check.healthy_threshold ?? 5,
      UnhealthyThresholdCount: check.unhealthy_threshold ?? 2,
      Matcher: { HttpCode: check.success_codes ?? "200" },
    },
    attributes: [
      {
        Key: "deregistration_delay.timeout_seconds",
        Value: String(seconds(http.deregistration_delay ?? "60s")),
      },
      { Key: "stickiness.enabled", Value: "false" },
    ],
  };
}

function protocolOf(port: number): "HTTP" | "HTTPS" {
  return port === 443 ? "HTTPS" : "HTTP";
}
