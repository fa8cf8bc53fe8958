import type { EnvironmentPlan } from "../../plan/environment-plan.ts";
import { ref, sub } from "../intrinsics.ts";
import type { Resource, Resources } from "../template.ts";
import { createInternalAlb, delegateDns } from "./conditions.ts";
import { vpcId } from "./network-values.ts";

/** Where names of the environment are looked up: by its services, behind its internal load balancer, and below the
 *  application's domain. */
export function dns(plan: EnvironmentPlan): Resources {
  const { publicLoadBalancer, internalLoadBalancer } = plan;
  return {
    ServiceDiscoveryNamespace: {
      Metadata: { "aws:copilot:description": "The names under which services find each other" },
      Type: "AWS::ServiceDiscovery::PrivateDnsNamespace",
      Properties: { Name: ref("ServiceDiscoveryEndpoint"), Vpc: vpcId(plan) },
    },
    ...(internalLoadBalancer.certificates.length === 0 && { InternalWorkloadsHostedZone: internalZone(plan) }),
    ...(publicLoadBalancer.certificates.length === 0 && { EnvironmentHostedZone: publicZone }),
  };
}

function internalZone(plan: EnvironmentPlan): Resource {
  return {
    Metadata: {
      "aws:copilot:description": `A hosted zone ${plan.env}.${plan.app}.internal for services behind the internal load balancer`,
    },
    Condition: createInternalAlb,
    Type: "AWS::Route53::HostedZone",
    Properties: {
      Name: sub("${EnvironmentName}.${AppName}.internal"),
      VPCs: [{ VPCId: vpcId(plan), VPCRegion: ref("AWS::Region") }],
    },
  };
}

const publicZone: Resource = {
  Metadata: { "aws:copilot:description": "A hosted zone for the environment's part of the application's domain" },
  Type: "AWS::Route53::HostedZone",
  Condition: delegateDns,
  Properties: {
    HostedZoneConfig: {
      Comment: sub("HostedZone for environment ${EnvironmentName} - ${EnvironmentName}.${AppName}.${AppDNSName}"),
    },
    Name: sub("${EnvironmentName}.${AppName}.${AppDNSName}"),
  },
};
