import { rolesParameters, rolesTemplate } from "../cloudformation/application/roles-template.ts";
import { stackSetTemplate } from "../cloudformation/application/stack-set-template.ts";
import type { ApplicationFacts } from "../cloudformation/facts.ts";
import { withPermissionsBoundary } from "../cloudformation/permissions-boundary.ts";
import { writeTemplate } from "../cloudformation/write-template.ts";
import type { ApplicationPlan } from "../plan/application-plan.ts";
import type { PackagedStack } from "./packaged-stack.ts";

/** The stacks of an application: the one with its roles, and what its stack set has in each region. */
export function applicationStacks(
  plan: ApplicationPlan,
  facts: Pick<ApplicationFacts, "tags" | "permissionsBoundary" | "account" | "partition">,
): { roles: PackagedStack; regional: PackagedStack } {
  const { app } = plan;
  const tags = { ...facts.tags, "copilot-application": app };
  const roles = withPermissionsBoundary(rolesTemplate(plan), facts);
  const regional = stackSetTemplate(plan);
  return {
    roles: {
      name: rolesStackName(app),
      template: roles,
      text: writeTemplate(roles),
      parameters: rolesParameters(plan),
      tags,
      templateFile: `${rolesStackName(app)}.stack.yml`,
      parametersFile: `${rolesStackName(app)}.params.json`,
    },
    regional: {
      name: stackSetName(app),
      template: regional,
      text: writeTemplate(regional),
      parameters: {},
      tags,
      templateFile: `${stackSetName(app)}.stackset.yml`,
      parametersFile: `${stackSetName(app)}.params.json`,
    },
  };
}

export function rolesStackName(app: string): string {
  return `${app}-infrastructure-roles`;
}

export function stackSetName(app: string): string {
  return `${app}-infrastructure`;
}
