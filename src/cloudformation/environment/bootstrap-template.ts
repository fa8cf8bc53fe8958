import type { Output, Template } from "../template.ts";
import type { EnvironmentInput } from "./environment-input.ts";
import { outputs } from "./outputs.ts";
import { executionRole, managerRole } from "./roles.ts";

/** What the template of an environment that has only been initialised says of its version. */
const bootstrapVersion = "bootstrap";

/** An environment that has been initialised and not deployed: its two roles, with which the rest is made later. */
export function bootstrapTemplate(input: EnvironmentInput): Template {
  const text = { Type: "String" as const };
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "CloudFormation template that bootstraps environment IAM roles.",
    Metadata: { Version: bootstrapVersion },
    Conditions: {},
    Parameters: { AppName: text, EnvironmentName: text, ToolsAccountPrincipalARN: text },
    Resources: {
      CloudformationExecutionRole: executionRole(),
      EnvironmentManagerRole: managerRole({ ...input, plan: withoutLogs(input.plan) }),
    },
    Outputs: rolesOf(outputs(input)),
  };
}

function rolesOf({ EnvironmentManagerRoleARN, CFNExecutionRoleARN }: Record<string, Output>): Record<string, Output> {
  return {
    ...(EnvironmentManagerRoleARN && { EnvironmentManagerRoleARN }),
    ...(CFNExecutionRoleARN && { CFNExecutionRoleARN }),
  };
}

/** The role may empty the bucket with access logs once there is one. */
function withoutLogs(plan: EnvironmentInput["plan"]): EnvironmentInput["plan"] {
  const { accessLogs: _, ...publicLoadBalancer } = plan.publicLoadBalancer;
  return { ...plan, publicLoadBalancer };
}

/** The parameters that go with it. */
export function bootstrapParameters({ plan, facts }: EnvironmentInput): Record<string, string> {
  const { account, applicationAccount = account, partition } = facts;
  return {
    AppName: plan.app,
    EnvironmentName: plan.env,
    ToolsAccountPrincipalARN: `arn:${partition}:iam::${applicationAccount}:root`,
  };
}
