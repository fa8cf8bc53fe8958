import { fromPlan } from "../from-plan.ts";
import { sub } from "../intrinsics.ts";
import { assumedBy, policies } from "../service/roles.ts";
import type { Resource, Value } from "../template.ts";
import type { RequestDrivenInput } from "./request-driven-input.ts";

/** Tags of the application and the environment as the stack's parameters name them. */
function byParameters(value: Value | undefined): Value {
  if (Array.isArray(value)) return value.map(byParameters);
  if (typeof value !== "object") return value ?? "";
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key.endsWith(":ResourceTag/copilot-application")) return [key, sub("${AppName}")];
      if (key.endsWith(":ResourceTag/copilot-environment")) return [key, sub("${EnvName}")];
      return [key, byParameters(inner)];
    }),
  );
}

/** The role with which App Runner pulls from a private repository. */
export function accessRole(): Resource {
  return {
    Metadata: {
      "aws:copilot:description": "An IAM Role for App Runner to use on your behalf to pull your image from ECR",
    },
    Type: "AWS::IAM::Role",
    Condition: "NeedsAccessRole",
    Properties: {
      AssumeRolePolicyDocument: assumedBy(["build.apprunner.amazonaws.com"]),
      ManagedPolicyArns: [
        sub("arn:${AWS::Partition}:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess"),
      ],
    },
  };
}

/** The role of the containers. */
export function instanceRole({ plan, references }: RequestDrivenInput): Resource {
  return {
    Metadata: { "aws:copilot:description": "An IAM role to control permissions for the containers in your service" },
    Type: "AWS::IAM::Role",
    Properties: {
      ...(plan.instanceManagedPolicies && {
        ManagedPolicyArns: fromPlan(plan.instanceManagedPolicies, references),
      }),
      AssumeRolePolicyDocument: assumedBy(["tasks.apprunner.amazonaws.com"]),
      Policies: policies(plan.instancePolicies, references).map(byParameters),
    },
  };
}
