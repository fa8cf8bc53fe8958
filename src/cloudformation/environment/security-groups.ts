import type { EnvironmentPlan, SecurityGroupRule } from "../../plan/environment-plan.ts";
import { join, ref, sub } from "../intrinsics.ts";
import type { Resource, Resources, Value } from "../template.ts";
import { createAlb, createInternalAlb, exportHttpsListener, exportInternalHttpsListener } from "./conditions.ts";
import type { EnvironmentInput } from "./environment-input.ts";
import { nameTag, vpcId } from "./network-values.ts";

/** Who may talk to whom. */
export function securityGroups(input: EnvironmentInput): Resources {
  const { plan } = input;
  return {
    PublicHTTPLoadBalancerSecurityGroup: publicGroup(input, "HTTP", 80),
    PublicHTTPSLoadBalancerSecurityGroup: publicGroup(input, "HTTPS", 443),
    InternalLoadBalancerSecurityGroup: {
      Metadata: { "aws:copilot:description": "A security group for the internal load balancer" },
      Condition: createInternalAlb,
      Type: "AWS::EC2::SecurityGroup",
      Properties: {
        GroupDescription: "Access to the internal load balancer",
        VpcId: vpcId(plan),
        Tags: nameTag("-internal-lb"),
      },
    },
    EnvironmentSecurityGroup: environmentGroup(plan),
    EnvironmentHTTPSecurityGroupIngressFromPublicALB: ingress(createAlb, "HTTP ingress from the public ALB", [
      "PublicHTTPLoadBalancerSecurityGroup",
      "EnvironmentSecurityGroup",
    ]),
    EnvironmentHTTPSSecurityGroupIngressFromPublicALB: ingress(
      exportHttpsListener,
      "HTTPS ingress from the public ALB",
      ["PublicHTTPSLoadBalancerSecurityGroup", "EnvironmentSecurityGroup"],
    ),
    EnvironmentSecurityGroupIngressFromInternalALB: ingress(createInternalAlb, "Ingress from the internal ALB", [
      "InternalLoadBalancerSecurityGroup",
      "EnvironmentSecurityGroup",
    ]),
    EnvironmentSecurityGroupIngressFromSelf: ingress(
      undefined,
      "Ingress from other containers in the same security group",
      ["EnvironmentSecurityGroup", "EnvironmentSecurityGroup"],
    ),
    InternalALBIngressFromEnvironmentSecurityGroup: ingress(createInternalAlb, "Ingress from the env security group", [
      "EnvironmentSecurityGroup",
      "InternalLoadBalancerSecurityGroup",
    ]),
    ...(plan.internalLoadBalancer.open && {
      InternalLoadBalancerSecurityGroupIngressFromHttp: openInternal(createInternalAlb, 80),
      InternalLoadBalancerSecurityGroupIngressFromHttps: openInternal(exportInternalHttpsListener, 443),
    }),
  };
}

/** What one security group lets in from another. */
export function ingress(
  condition: string | undefined,
  description: string,
  [from, to]: [from: string, to: string],
): Resource {
  return {
    Type: "AWS::EC2::SecurityGroupIngress",
    ...(condition !== undefined && { Condition: condition }),
    Properties: { Description: description, GroupId: ref(to), IpProtocol: -1, SourceSecurityGroupId: ref(from) },
  };
}

function publicGroup(input: EnvironmentInput, protocol: "HTTP" | "HTTPS", port: number): Resource {
  return {
    Metadata: { "aws:copilot:description": `A security group that lets ${protocol} reach the load balancer` },
    Condition: protocol === "HTTP" ? createAlb : exportHttpsListener,
    Type: "AWS::EC2::SecurityGroup",
    Properties: {
      GroupDescription: `${protocol} access to the public facing load balancer`,
      SecurityGroupIngress: publicSources(input, port),
      VpcId: vpcId(input.plan),
      Tags: nameTag(`-lb-${protocol.toLowerCase()}`),
    },
  };
}

/** The parameter with the list of CloudFront's addresses, which is another one in each region. */
export const prefixListParameter = "CloudFrontPrefixListId";

/** Whether the list stands in a parameter: one that is known stands in the template, as with Copilot. */
export function takesPrefixList({ plan, facts }: EnvironmentInput): boolean {
  return plan.publicLoadBalancer.fromCdn && facts.cloudFrontPrefixListId === undefined;
}

function publicSources({ plan, facts }: EnvironmentInput, port: number): Value[] {
  const { fromCdn, sourceRanges } = plan.publicLoadBalancer;
  const known = facts.cloudFrontPrefixListId;
  const words = (list: string) => `Allow ingress from prefix list ${list} on port ${port}`;
  const rest = { FromPort: port, IpProtocol: "tcp", ToPort: port };
  if (!fromCdn && sourceRanges.length === 0)
    return [{ CidrIp: "0.0.0.0/0", Description: `Allow from anyone on port ${port}`, ...rest }];
  const cdn = {
    SourcePrefixListId: known ?? ref(prefixListParameter),
    Description: known === undefined ? sub(words(`\${${prefixListParameter}}`)) : words(known),
    ...rest,
  };
  const ranges = sourceRanges.map((range) => ({
    CidrIp: range,
    Description: `Allow ingress from source IP ${range} on port ${port}`,
    ...rest,
  }));
  return [...(fromCdn ? [cdn] : []), ...ranges];
}

function environmentGroup(plan: EnvironmentPlan): Resource {
  const { ingress: into, egress: out } = plan.securityGroup;
  return {
    Metadata: { "aws:copilot:description": "A security group for the containers, which may talk to each other" },
    Type: "AWS::EC2::SecurityGroup",
    Properties: {
      GroupDescription: join("", [ref("AppName"), "-", ref("EnvironmentName"), "EnvironmentSecurityGroup"]),
      VpcId: vpcId(plan),
      Tags: nameTag("-env"),
      ...(into.length > 0 && { SecurityGroupIngress: into.map(ruleValue) }),
      ...(out.length > 0 && { SecurityGroupEgress: out.map(ruleValue) }),
    },
  };
}

function ruleValue({ protocol, fromPort, toPort, cidr }: SecurityGroupRule): Value {
  return { IpProtocol: protocol, FromPort: fromPort, ToPort: toPort, CidrIp: cidr };
}

function openInternal(condition: string, port: number): Resource {
  return {
    Metadata: { "aws:copilot:description": `Lets the network reach the internal load balancer on port ${port}` },
    Type: "AWS::EC2::SecurityGroupIngress",
    Condition: condition,
    Properties: {
      Description: `Allow from within the VPC on port ${port}`,
      CidrIp: "0.0.0.0/0",
      FromPort: port,
      ToPort: port,
      IpProtocol: "tcp",
      GroupId: ref("InternalLoadBalancerSecurityGroup"),
    },
  };
}
