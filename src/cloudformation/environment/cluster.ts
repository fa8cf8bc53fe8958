import type { EnvironmentPlan } from "../../plan/environment-plan.ts";
import type { Resource } from "../template.ts";

/** Where the tasks run. */
export function cluster({ containerInsights }: EnvironmentPlan): Resource {
  return {
    Metadata: { "aws:copilot:description": "The ECS cluster of the environment" },
    Type: "AWS::ECS::Cluster",
    Properties: {
      CapacityProviders: ["FARGATE", "FARGATE_SPOT"],
      Configuration: { ExecuteCommandConfiguration: { Logging: "DEFAULT" } },
      ClusterSettings: [{ Name: "containerInsights", Value: containerInsights ? "enabled" : "disabled" }],
    },
  };
}
