import type { EnvironmentPlan, OwnSubnet } from "../../plan/environment-plan.ts";
import { availabilityZone, getAtt, ref } from "../intrinsics.ts";
import type { Resource } from "../template.ts";
import { createNatGateways } from "./conditions.ts";
import { nameTag, ownNetwork } from "./network-values.ts";

type All = Record<string, Resource>;

/** The network, unless the environment is in one that exists. */
export function vpc(plan: EnvironmentPlan): All {
  const network = ownNetwork(plan);
  if (!network) return {};
  const { cidr, publicSubnets, privateSubnets } = network;
  return {
    VPC: {
      Metadata: { "aws:copilot:description": "The network of the environment" },
      Type: "AWS::EC2::VPC",
      Properties: {
        CidrBlock: cidr,
        EnableDnsHostnames: true,
        EnableDnsSupport: true,
        InstanceTenancy: "default",
        Tags: nameTag(),
      },
    },
    PublicRouteTable: {
      Metadata: { "aws:copilot:description": "The routes of the public subnets" },
      Type: "AWS::EC2::RouteTable",
      Properties: { VpcId: ref("VPC"), Tags: nameTag() },
    },
    DefaultPublicRoute: {
      Type: "AWS::EC2::Route",
      DependsOn: "InternetGatewayAttachment",
      Properties: {
        RouteTableId: ref("PublicRouteTable"),
        DestinationCidrBlock: "0.0.0.0/0",
        GatewayId: ref("InternetGateway"),
      },
    },
    InternetGateway: {
      Metadata: { "aws:copilot:description": "The way to the internet" },
      Type: "AWS::EC2::InternetGateway",
      Properties: { Tags: nameTag() },
    },
    InternetGatewayAttachment: {
      Type: "AWS::EC2::VPCGatewayAttachment",
      Properties: { InternetGatewayId: ref("InternetGateway"), VpcId: ref("VPC") },
    },
    ...numbered(publicSubnets, (subnet, i) => ({ [`PublicSubnet${i + 1}`]: subnetResource(subnet, i, true) })),
    ...numbered(privateSubnets, (subnet, i) => ({ [`PrivateSubnet${i + 1}`]: subnetResource(subnet, i, false) })),
    ...numbered(publicSubnets, (_, i) => ({
      [`PublicSubnet${i + 1}RouteTableAssociation`]: {
        Type: "AWS::EC2::SubnetRouteTableAssociation",
        Properties: { RouteTableId: ref("PublicRouteTable"), SubnetId: ref(`PublicSubnet${i + 1}`) },
      },
    })),
    ...numbered(privateSubnets, (_, i) => natGateway(i)),
  };
}

function numbered(subnets: readonly OwnSubnet[], make: (subnet: OwnSubnet, i: number) => All): All {
  return Object.assign({}, ...subnets.map(make)) as All;
}

function subnetResource({ cidr, availabilityZone: zone }: OwnSubnet, i: number, isPublic: boolean): Resource {
  const what = isPublic ? "Public subnet" : "Private subnet";
  return {
    Metadata: { "aws:copilot:description": `${what} ${i + 1}, ${isPublic ? "with" : "without"} a way to the internet` },
    Type: "AWS::EC2::Subnet",
    Properties: {
      CidrBlock: cidr,
      VpcId: ref("VPC"),
      AvailabilityZone: zone ?? availabilityZone(i),
      MapPublicIpOnLaunch: isPublic,
      Tags: nameTag(isPublic ? `-pub${i}` : `-priv${i}`),
    },
  };
}

/** The way to the internet for one private subnet, from the public one beside it. */
function natGateway(i: number): All {
  const n = i + 1;
  const resource = (type: string, properties: Resource["Properties"]): Resource => ({
    Type: type,
    Condition: createNatGateways,
    Properties: properties,
  });
  return {
    [`NatGateway${n}Attachment`]: {
      Metadata: { "aws:copilot:description": `The address of NAT gateway ${n}` },
      ...resource("AWS::EC2::EIP", { Domain: "vpc" }),
      DependsOn: "InternetGatewayAttachment",
    },
    [`NatGateway${n}`]: {
      Metadata: { "aws:copilot:description": `The way to the internet from private subnet ${n}` },
      ...resource("AWS::EC2::NatGateway", {
        AllocationId: getAtt(`NatGateway${n}Attachment.AllocationId`),
        SubnetId: ref(`PublicSubnet${n}`),
        Tags: nameTag(`-${i}`),
      }),
    },
    [`PrivateRouteTable${n}`]: resource("AWS::EC2::RouteTable", { VpcId: ref("VPC") }),
    [`PrivateRoute${n}`]: resource("AWS::EC2::Route", {
      RouteTableId: ref(`PrivateRouteTable${n}`),
      DestinationCidrBlock: "0.0.0.0/0",
      NatGatewayId: ref(`NatGateway${n}`),
    }),
    [`PrivateRouteTable${n}Association`]: resource("AWS::EC2::SubnetRouteTableAssociation", {
      RouteTableId: ref(`PrivateRouteTable${n}`),
      SubnetId: ref(`PrivateSubnet${n}`),
    }),
  };
}
