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

function targetGroup({ key, request, implied = [], attributes }: TargetGroupPlan): Resource {
  const given = Object.fromEntries(Object.entries(request).filter(([name]) => !implied.some((each) => each === name)));
  const { Matcher: matcher, ...members } = given as TargetGroupPlan["request"];
  const codes = matcher?.GrpcCode ?? matcher?.HttpCode;
  const kind = key.startsWith("nlb") ? "network load balancer" : "load balancer";
  return {
    Metadata: {
      "aws:copilot:description": `A target group to connect the ${kind} to your service on port ${request.Port}`,
    },
    Type: "AWS::ElasticLoadBalancingV2::TargetGroup",
    Properties: {
      ...(members as Record<string, Value>),
      // Copilot has no other member for the codes of gRPC.
      ...(codes !== undefined && { Matcher: { HttpCode: codes } }),
      TargetGroupAttributes: attributes.map(({ Key = "", Value: value = "" }) => ({ Key, Value: value })),
      VpcId: importEnvironment("VpcId"),
    },
  };
}
