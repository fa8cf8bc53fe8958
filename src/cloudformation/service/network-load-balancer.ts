import type { WorkloadPlan } from "../../plan/workload-plan.ts";
import { getAtt, importEnvironment, join, ref, split, sub } from "../intrinsics.ts";
import type { Output, Parameter, Resource, Resources } from "../template.ts";
import { nlbListenerId } from "./ecs-service.ts";
import { targetGroupId } from "./target-groups.ts";

type Listener = NonNullable<WorkloadPlan["networkLoadBalancer"]>["listeners"][number];

/** The parameter that takes the certificate of the TLS listeners. */
export const nlbCertificateParameter = "NLBCertificateARN";

/** The service's own network load balancer. */
export function networkLoadBalancer(plan: WorkloadPlan): Resources {
  const nlb = plan.networkLoadBalancer;
  if (nlb === undefined) return {};
  return {
    PublicNetworkLoadBalancerV2: {
      Metadata: {
        "aws:copilot:description": "A Network Load Balancer to distribute public traffic to your service",
      },
      Type: "AWS::ElasticLoadBalancingV2::LoadBalancer",
      Properties: {
        Scheme: "internet-facing",
        Subnets: split(",", importEnvironment("PublicSubnets")),
        Type: "network",
        SecurityGroups: [getAtt("NetworkLoadBalancerSecurityGroup.GroupId")],
      },
    },
    NetworkLoadBalancerSecurityGroup: securityGroup(nlb.listeners),
    EnvironmentSecurityGroupIngressFromNetworkLoadBalancerSecurityGroup: {
      Type: "AWS::EC2::SecurityGroupIngress",
      Metadata: {
        "aws:copilot:description": "Allow ingress from the network load balancer to services in your environment",
      },
      Properties: {
        GroupId: importEnvironment("EnvironmentSecurityGroup"),
        IpProtocol: -1,
        SourceSecurityGroupId: getAtt("NetworkLoadBalancerSecurityGroup.GroupId"),
      },
    },
    ...Object.fromEntries(nlb.listeners.map((each) => [nlbListenerId(each.key), listener(plan, each)])),
    ...(nlb.aliases.length === 0 && { NLBDNSAlias: dnsAlias() }),
  };
}

function securityGroup(listeners: readonly Listener[]): Resource {
  const ingress = listeners.map(({ port, protocol }) => {
    const ip = protocol === "UDP" ? "UDP" : "TCP";
    return {
      CidrIp: "0.0.0.0/0",
      Description: `Allow ${ip} traffic from anyone on listener port ${port}`,
      FromPort: port,
      IpProtocol: ip,
      ToPort: port,
    };
  });
  return {
    Metadata: {
      "aws:copilot:description": "A security group for your network load balancer allowing public traffic",
    },
    Type: "AWS::EC2::SecurityGroup",
    Properties: {
      GroupDescription: "Allow traffic to the public facing load balancer on listener ports",
      SecurityGroupIngress: ingress,
      VpcId: importEnvironment("VpcId"),
      Tags: [{ Key: "Name", Value: sub("copilot-${AppName}-${EnvName}-${WorkloadName}-nlb") }],
    },
  };
}

function listener(plan: WorkloadPlan, { key, port, protocol, sslPolicy }: Listener): Resource {
  return {
    Metadata: {
      "aws:copilot:description": `A ${protocol} listener on port \`${port}\` that forwards traffic to your tasks`,
    },
    Type: "AWS::ElasticLoadBalancingV2::Listener",
    Properties: {
      DefaultActions: [{ TargetGroupArn: ref(targetGroupId(plan, key)), Type: "forward" }],
      LoadBalancerArn: ref("PublicNetworkLoadBalancerV2"),
      Port: port,
      Protocol: protocol,
      ...(protocol === "TLS" && {
        Certificates: [{ CertificateArn: ref(nlbCertificateParameter) }],
        ...(sslPolicy !== undefined && { SslPolicy: sslPolicy }),
      }),
    },
  };
}

function dnsAlias(): Resource {
  return {
    Metadata: { "aws:copilot:description": "The default alias record for the network load balancer" },
    Type: "AWS::Route53::RecordSetGroup",
    Condition: "HasAssociatedDomain",
    Properties: {
      HostedZoneId: importEnvironment("HostedZone"),
      Comment: sub("Default NetworkLoadBalancer alias for service ${WorkloadName}"),
      RecordSets: [
        {
          Name: join(".", [sub("${WorkloadName}-nlb"), importEnvironment("SubDomain"), ""]),
          Type: "A",
          AliasTarget: {
            HostedZoneId: getAtt("PublicNetworkLoadBalancerV2.CanonicalHostedZoneID"),
            DNSName: getAtt("PublicNetworkLoadBalancerV2.DNSName"),
          },
        },
      ],
    },
  };
}

export function nlbParameters({ networkLoadBalancer: nlb }: WorkloadPlan): Record<string, Parameter> {
  if (nlb === undefined) return {};
  return {
    NLBAliases: { Type: "String", Default: "" },
    NLBPort: { Type: "String" },
    ...(hasTls(nlb) && {
      [nlbCertificateParameter]: {
        Type: "String" as const,
        Description: "ARN of the certificate of the TLS listeners.",
        Default: "",
      },
    }),
  };
}

export function hasTls({ listeners }: NonNullable<WorkloadPlan["networkLoadBalancer"]>): boolean {
  return listeners.some(({ protocol }) => protocol === "TLS");
}

export function nlbOutputs({ networkLoadBalancer: nlb }: WorkloadPlan): Record<string, Output> {
  if (nlb === undefined) return {};
  return {
    PublicNetworkLoadBalancerDNSName: {
      Value: getAtt("PublicNetworkLoadBalancerV2.DNSName"),
      Export: { Name: sub("${AWS::StackName}-PublicNetworkLoadBalancerDNSName") },
    },
  };
}
