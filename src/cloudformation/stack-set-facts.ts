import type { DeployedStackSet } from "../plan/application-plan.ts";
import { readTemplate, type StackTemplate } from "./read-template.ts";

/** What the template of an application's stack set says of itself; undefined where it says nothing that is understood.
 *  Older ones list services, each with an image repository. @throws TemplateProblem */
export function stackSetFacts(template: string | StackTemplate): DeployedStackSet | undefined {
  const { Metadata } = typeof template === "string" ? readTemplate(template) : template;
  const { Version, Accounts, Workloads, Services } = (Metadata ?? {}) as { [key: string]: unknown };
  if (typeof Version !== "number" || !Array.isArray(Accounts)) return undefined;
  const workloads = Array.isArray(Workloads) ? Workloads.map(workload) : withRepositories(Services);
  return workloads && { version: Version, accounts: Accounts.map(String), workloads };
}

function workload({ Name, WithECR }: { Name: unknown; WithECR: unknown }) {
  return { name: String(Name), withECR: WithECR === true };
}

function withRepositories(services: unknown) {
  return Array.isArray(services) ? services.map((name) => ({ name: String(name), withECR: true })) : undefined;
}
