import { fromPlan } from "../from-plan.ts";
import { getAtt, importEnvironment } from "../intrinsics.ts";
import type { Resource } from "../template.ts";
import type { RequestDrivenInput } from "./request-driven-input.ts";
import { workloadTagList } from "./workload-tag-list.ts";

/** The way in for a service that is reached from its VPC alone. */
export function ingressConnection({ plan, references }: RequestDrivenInput): Resource | undefined {
  if (plan.privateEndpoint === undefined) return undefined;
  return {
    Metadata: { "aws:copilot:description": "The ingress connection from your environment to this service" },
    Type: "AWS::AppRunner::VpcIngressConnection",
    Properties: {
      ServiceArn: getAtt("Service.ServiceArn"),
      IngressVpcConfiguration: {
        VpcId: importEnvironment("VpcId"),
        VpcEndpointId: fromPlan(plan.privateEndpoint, references),
      },
      Tags: workloadTagList(plan),
    },
  };
}
