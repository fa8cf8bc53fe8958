import type { ApplicationFacts } from "../cloudformation/facts.ts";
import type { Diagnostic } from "../errors.ts";
import { planApplication } from "../plan/application-plan.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { applicationStacks, rolesStackName, stackSetName } from "./application-stacks.ts";
import type { PackagedStack } from "./packaged-stack.ts";
import { workloadTypes } from "./workload-types.ts";

interface PackageApplicationRequest {
  workspace: Workspace;
  facts: ApplicationFacts;
}

/** The stacks of an application, with no network: the one with its roles, and the template of its stack set. What is not
 *  known is a warning. */
export async function packageApplication({
  workspace,
  facts,
}: PackageApplicationRequest): Promise<{ stacks: PackagedStack[]; diagnostics: Diagnostic[] }> {
  const app = workspace.application;
  const types = await workloadTypes(workspace);
  const { account: ofStacks, applicationAccount: account = ofStacks } = facts;
  const { applicationParameters: deployed = facts.stacks?.[rolesStackName(app)]?.parameters ?? {} } = facts;
  const { domain = deployed["AppDomainName"] || undefined } = facts;
  const { domainHostedZoneId = deployed["AppDomainHostedZoneID"] || undefined } = facts;
  const environments = Object.entries(facts.environments ?? {});
  const unknown = (await workspace.listEnvironments()).filter(
    (name) => !environments.some(([known]) => known === name),
  );
  const plan = planApplication({
    app,
    account,
    ...(domain !== undefined && { domain: { name: domain, hostedZoneId: domainHostedZoneId ?? "" } }),
    accounts: [...environments.map(([, each]) => each.account), ...unknown.map(() => account)],
    workloads: [...types].flatMap(([name, type]) => (type === undefined ? [] : [{ name, type }])),
    ...(facts.stackSet && { deployed: facts.stackSet }),
    delegated: deployed["AppDNSDelegatedAccounts"]?.match(/\d{12}/g) ?? [],
  });
  const { roles, regional } = applicationStacks(plan, facts);
  return {
    stacks: [roles, regional],
    diagnostics: [
      ...[...types].flatMap(([name, type]) => (type === undefined ? [withoutType(name)] : [])),
      ...unknown.map(inUnknownAccount),
      ...(domain !== undefined && domainHostedZoneId === undefined ? [withoutZone(domain)] : []),
      ...(environments.length > 0 && facts.stackSet === undefined ? [withoutStackSet(app)] : []),
    ],
  };
}

function warning(file: string, problem: { message: string; hint: string }): Diagnostic {
  return { severity: "warning", code: "application/unknown-value", ...problem, file, line: 1, column: 1, path: "" };
}

function withoutType(name: string): Diagnostic {
  return warning(`copilot/${name}/manifest.yml`, {
    message: `the type of ${name} is not known, so it gets no image repository; one that it has stays`,
    hint: "pilotfish validate",
  });
}

function inUnknownAccount(env: string): Diagnostic {
  return warning(`copilot/environments/${env}/manifest.yml`, {
    message: `the account of the environment ${env} is not known: it counts as in the application's own`,
    hint: `give it in the facts: "environments": { "${env}": { "account": "…", … } }`,
  });
}

/** Where there are environments, the stack set is there. */
function withoutStackSet(app: string): Diagnostic {
  return warning("copilot/.workspace", {
    message: `what the stack set ${stackSetName(app)} holds is not known: repositories of workloads outside of this workspace would be removed from it, with their images`,
    hint: 'give it in the facts: "stackSet": { "version": …, "accounts": […], "workloads": […] }',
  });
}

function withoutZone(domain: string): Diagnostic {
  return warning("copilot/.workspace", {
    message: `the id of the hosted zone of ${domain} is not known`,
    hint: 'give it in the facts: "domainHostedZoneId": "Z…"',
  });
}
