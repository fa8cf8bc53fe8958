import type { EnvironmentPlan } from "../../plan/environment-plan.ts";
import { ref, sub } from "../intrinsics.ts";
import type { Resources } from "../template.ts";
import { createAppRunnerEndpoint } from "./conditions.ts";
import { ownNetwork, privateSubnets, vpcId } from "./network-values.ts";
import { ingress } from "./security-groups.ts";

/** The way from the network to private services of App Runner; in a VPC that exists, the user makes it. */
export function appRunnerEndpoint(plan: EnvironmentPlan): Resources {
  if (!ownNetwork(plan)) return {};
  const { app, env } = plan;
  return {
    AppRunnerVpcEndpointSecurityGroup: {
      Metadata: { "aws:copilot:description": "A security group for private services of App Runner" },
      Type: "AWS::EC2::SecurityGroup",
      Condition: createAppRunnerEndpoint,
      Properties: {
        GroupDescription: `${app}-${env}-AppRunnerVpcEndpointSecurityGroup`,
        VpcId: vpcId(plan),
        Tags: [{ Key: "Name", Value: `copilot-${app}-${env}-app-runner-vpc-endpoint` }],
      },
    },
    AppRunnerVpcEndpointSecurityGroupIngressFromEnvironment: ingress(
      createAppRunnerEndpoint,
      "Ingress from services in the environment",
      ["EnvironmentSecurityGroup", "AppRunnerVpcEndpointSecurityGroup"],
    ),
    AppRunnerVpcEndpoint: {
      Metadata: { "aws:copilot:description": "The endpoint through which private services of App Runner are reached" },
      Type: "AWS::EC2::VPCEndpoint",
      Condition: createAppRunnerEndpoint,
      Properties: {
        VpcEndpointType: "Interface",
        VpcId: vpcId(plan),
        SecurityGroupIds: [ref("AppRunnerVpcEndpointSecurityGroup")],
        ServiceName: sub("com.amazonaws.${AWS::Region}.apprunner.requests"),
        SubnetIds: privateSubnets(plan),
      },
    },
  };
}
