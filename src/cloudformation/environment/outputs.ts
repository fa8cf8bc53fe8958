import { needs } from "../../plan/environment-needs.ts";
import { getAtt, join, ref, sub } from "../intrinsics.ts";
import type { Output, Value } from "../template.ts";
import {
  createAlb,
  createAppRunnerEndpoint,
  createEfs,
  createInternalAlb,
  createNatGateways,
  delegateDns,
  exportHttpsListener,
  exportInternalHttpsListener,
} from "./conditions.ts";
import type { EnvironmentInput } from "./environment-input.ts";
import { ownNetwork, privateSubnets, publicSubnets, vpcId } from "./network-values.ts";

type Outputs = Record<string, Output>;

/** What workloads take from the environment, and what says how it is. Each is exported as `{app}-{env}-{name}`; the name
 *  is the output's own unless it is given. */
export function outputs(input: EnvironmentInput): Outputs {
  return {
    ...networkOutputs(input),
    ...loadBalancerOutputs(input),
    ClusterId: exported("ClusterId", ref("Cluster")),
    EnvironmentManagerRoleARN: exported("EnvironmentManagerRoleARN", getAtt("EnvironmentManagerRole.Arn")),
    CFNExecutionRoleARN: exported("CFNExecutionRoleARN", getAtt("CloudformationExecutionRole.Arn")),
    ...domainOutputs(input),
    EnabledFeatures: {
      Value: sub(
        [needs.slice(0, 4), "Aliases", needs.slice(4)]
          .flat()
          .map((name) => `\${${name}}`)
          .join(","),
      ),
      Description: "What the workloads need: a change of it alone must count as a change of the stack.",
    },
    ManagedFileSystemID: exported("FilesystemID", ref("FileSystem"), createEfs),
    ...(input.plan.cdn !== undefined && {
      CloudFrontDomainName: exported("CloudFrontDomainName", getAtt("CloudFrontDistribution.DomainName"), createAlb),
    }),
    PublicALBAccessible: { Condition: createAlb, Value: !input.plan.publicLoadBalancer.fromCdn },
    LastForceDeployID: {
      Value: input.facts.lastForceDeployId ?? "",
      Description: "A change of it alone makes the stack update.",
    },
    ...(ownNetwork(input.plan) && {
      AppRunnerVpcEndpointId: exported("AppRunnerVpcEndpointId", ref("AppRunnerVpcEndpoint"), createAppRunnerEndpoint),
    }),
  };
}

function exported(name: string, value: Value, condition?: string): Output {
  return {
    ...(condition !== undefined && { Condition: condition }),
    Value: value,
    Export: { Name: sub(`\${AWS::StackName}-${name}`) },
  };
}

function networkOutputs({ plan }: EnvironmentInput): Outputs {
  const own = ownNetwork(plan);
  const open = publicSubnets(plan);
  const closed = privateSubnets(plan);
  const tables = closed.map((_, i) => ref(`PrivateRouteTable${i + 1}`));
  return {
    VpcId: exported("VpcId", vpcId(plan)),
    ...(open.length > 0 && { PublicSubnets: exported("PublicSubnets", join(",", open)) }),
    ...(closed.length > 0 && { PrivateSubnets: exported("PrivateSubnets", join(",", closed)) }),
    ...(own && {
      InternetGatewayID: exported("InternetGatewayID", ref("InternetGateway")),
      PublicRouteTableID: exported("PublicRouteTableID", ref("PublicRouteTable")),
      PrivateRouteTableIDs: exported("PrivateRouteTableIDs", join(",", tables), createNatGateways),
    }),
    ServiceDiscoveryNamespaceID: exported("ServiceDiscoveryNamespaceID", getAtt("ServiceDiscoveryNamespace.Id")),
    EnvironmentSecurityGroup: exported("EnvironmentSecurityGroup", ref("EnvironmentSecurityGroup")),
  };
}

function loadBalancerOutputs({ plan }: EnvironmentInput): Outputs {
  const hasInternalZone = plan.internalLoadBalancer.certificates.length === 0;
  const open = (name: string, value: Value) => exported(name, value, createAlb);
  const internal = (name: string, value: Value) => exported(name, value, createInternalAlb);
  const zoneName = sub("${EnvironmentName}.${AppName}.internal");
  return {
    PublicLoadBalancerDNSName: open("PublicLoadBalancerDNS", getAtt("PublicLoadBalancer.DNSName")),
    PublicLoadBalancerFullName: open("PublicLoadBalancerFullName", getAtt("PublicLoadBalancer.LoadBalancerFullName")),
    PublicLoadBalancerHostedZone: open("CanonicalHostedZoneID", getAtt("PublicLoadBalancer.CanonicalHostedZoneID")),
    HTTPListenerArn: open("HTTPListenerArn", ref("HTTPListener")),
    HTTPSListenerArn: exported("HTTPSListenerArn", ref("HTTPSListener"), exportHttpsListener),
    DefaultHTTPTargetGroupArn: open("DefaultHTTPTargetGroup", ref("DefaultHTTPTargetGroup")),
    InternalLoadBalancerDNSName: internal("InternalLoadBalancerDNS", getAtt("InternalLoadBalancer.DNSName")),
    InternalLoadBalancerFullName: internal(
      "InternalLoadBalancerFullName",
      getAtt("InternalLoadBalancer.LoadBalancerFullName"),
    ),
    InternalLoadBalancerHostedZone: internal(
      "InternalLoadBalancerCanonicalHostedZoneID",
      getAtt("InternalLoadBalancer.CanonicalHostedZoneID"),
    ),
    ...(hasInternalZone && {
      InternalWorkloadsHostedZone: internal("InternalWorkloadsHostedZoneID", ref("InternalWorkloadsHostedZone")),
      InternalWorkloadsHostedZoneName: internal("InternalWorkloadsHostedZoneName", zoneName),
    }),
    InternalHTTPListenerArn: internal("InternalHTTPListenerArn", ref("InternalHTTPListener")),
    InternalHTTPSListenerArn: exported(
      "InternalHTTPSListenerArn",
      ref("InternalHTTPSListener"),
      exportInternalHttpsListener,
    ),
    InternalLoadBalancerSecurityGroup: internal(
      "InternalLoadBalancerSecurityGroup",
      ref("InternalLoadBalancerSecurityGroup"),
    ),
  };
}

function domainOutputs({ plan }: EnvironmentInput): Outputs {
  if (plan.publicLoadBalancer.certificates.length > 0) return {};
  const domain = sub("${EnvironmentName}.${AppName}.${AppDNSName}");
  return {
    EnvironmentHostedZone: exported("HostedZone", ref("EnvironmentHostedZone"), delegateDns),
    EnvironmentSubdomain: exported("SubDomain", domain, delegateDns),
  };
}
