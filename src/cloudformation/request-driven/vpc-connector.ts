import { fromPlan } from "../from-plan.ts";
import { importEnvironment, join, ref, split, sub } from "../intrinsics.ts";
import type { Resources, Value } from "../template.ts";
import type { RequestDrivenInput } from "./request-driven-input.ts";
import { workloadTagList } from "./workload-tag-list.ts";

/** The way out into a VPC, with a security group that the services of the environment let in. */
export function vpcConnector({ plan, references }: RequestDrivenInput): Resources {
  if (plan.egress === undefined) return {};
  const subnets = plan.egress.subnets.map((subnet) => fromPlan(subnet, references));
  const [first] = subnets;
  return {
    ServiceSecurityGroup: {
      Metadata: {
        "aws:copilot:description": "A security group for your addons/ resources to allow ingress from your service",
      },
      Type: "AWS::EC2::SecurityGroup",
      Properties: {
        GroupDescription: join("", [ref("AppName"), "-", ref("EnvName"), ref("WorkloadName")]),
        VpcId: importEnvironment("VpcId"),
        Tags: [{ Key: "Name", Value: sub("copilot-${AppName}-${EnvName}-${WorkloadName}") }],
      },
    },
    EnvironmentSecurityGroupIngressFromServiceSecurityGroup: {
      Metadata: {
        "aws:copilot:description": "Allow ingress from the app runner service to services in your environment",
      },
      Type: "AWS::EC2::SecurityGroupIngress",
      Properties: {
        GroupId: importEnvironment("EnvironmentSecurityGroup"),
        IpProtocol: -1,
        SourceSecurityGroupId: ref("ServiceSecurityGroup"),
      },
    },
    VpcConnector: {
      Metadata: { "aws:copilot:description": "A VPC connector to link your service to subnets in your environment" },
      Type: "AWS::AppRunner::VpcConnector",
      Properties: {
        // An output of the environment is one text with commas.
        Subnets: subnets.length === 1 && typeof first === "object" ? split(",", first as Value) : subnets,
        SecurityGroups: [ref("ServiceSecurityGroup"), importEnvironment("EnvironmentSecurityGroup")],
        Tags: workloadTagList(plan),
      },
    },
  };
}
