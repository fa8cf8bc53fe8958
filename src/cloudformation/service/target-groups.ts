import type { TargetGroupPlan, WorkloadPlan } from "../../plan/workload-plan.ts";
import { importEnvironment } from "../intrinsics.ts";
import type { Resource, Resources, Value } from "../template.ts";

/** The logical ID of a target group: `TargetGroup`, `TargetGroup1` …, with names of their own behind a load balancer
 *  that the service brings along and behind its network load balancer. */
export function targetGroupId({ importedLoadBalancer }: WorkloadPlan, key: string): string {
  const [, kind = "", number = ""] = /^([a-z]+)(\d*)$/.exec(key) ?? [];
  if (kind === "nlb") return `NetworkLoadBalancerTargetGroup${number}`;
  return `${importedLoadBalancer === undefined ? "TargetGroup" : "TargetGroupForImportedALB"}${number}`;
}

export function targetGroups(plan: WorkloadPlan): Resources {
  return Object.fromEntries(plan.targetGroups.map((group) => [targetGroupId(plan, group.key), targetGroup(group)]));
}

/** What Elastic Load Balancing takes when nothing is said; Copilot then says nothing. */
const http: Record<string, Value> = {
  HealthCheckIntervalSeconds: 30,
  HealthCheckTimeoutSeconds: 5,
  HealthyThresholdCount: 5,
  UnhealthyThresholdCount: 2,
};
const network: Record<string, Value> = {
  HealthCheckIntervalSeconds: 30,
  HealthCheckTimeoutSeconds: 10,
  HealthyThresholdCount: 3,
  UnhealthyThresholdCount: 3,
};

function targetGroup({ key, request, attributes }: TargetGroupPlan): Resource {
  const isNetwork = key.startsWith("nlb");
  const { Matcher, ProtocolVersion, HealthCheckProtocol, ...rest } = request;
  const codes = Matcher?.GrpcCode ?? Matcher?.HttpCode;
  const usual = isNetwork || codes === "200" ? codes : undefined;
  const defaults = isNetwork ? network : http;
  const given = Object.fromEntries(Object.entries(rest).filter(([name, value]) => defaults[name] !== value));
  const kind = isNetwork ? "network load balancer" : "load balancer";
  return {
    Metadata: {
      "aws:copilot:description": `A target group to connect the ${kind} to your service on port ${request.Port}`,
    },
    Type: "AWS::ElasticLoadBalancingV2::TargetGroup",
    Properties: {
      ...(given as Record<string, Value>),
      ...(codes !== undefined && usual === undefined && { Matcher: { HttpCode: codes } }),
      ...(ProtocolVersion !== undefined && ProtocolVersion !== "HTTP1" && { ProtocolVersion }),
      ...(HealthCheckProtocol !== request.Protocol && !isNetwork && { HealthCheckProtocol }),
      TargetGroupAttributes: attributes.map(({ Key = "", Value: value = "" }) => ({ Key, Value: value })),
      VpcId: importEnvironment("VpcId"),
    },
  };
}
