import { join } from "node:path";
import type { Template } from "../cloudformation/template.ts";
import type { StackFacts } from "../cloudformation/facts.ts";
import { serviceReferences } from "../cloudformation/service/references.ts";
import { serviceParameters, workloadTags } from "../cloudformation/service/service-parameters.ts";
import { serviceTemplate } from "../cloudformation/service/service-template.ts";
import { writeTemplate } from "../cloudformation/write-template.ts";
import type { Diagnostic } from "../errors.ts";
import { planWorkload } from "../plan/plan-workload.ts";
import { writeOutput } from "../workspace/write-output.ts";
import { loadManifest, type ManifestRequest } from "./load-manifest.ts";

export interface PackageRequest extends ManifestRequest {
  facts: StackFacts;
}

/** A stack as CloudFormation takes it, and what its files are called. */
export interface PackagedStack {
  template: Template;
  /** The template as text. */
  text: string;
  parameters: Record<string, string>;
  tags: Record<string, string>;
  templateFile: string;
  parametersFile: string;
}

/** The stack of a workload in an environment, with no network.
 *  @throws UserError workspace/workload-not-found, manifest/invalid */
export async function packageWorkload(
  request: PackageRequest,
): Promise<{ stack: PackagedStack; diagnostics: Diagnostic[] }> {
  const { workspace, env, facts } = request;
  const { manifest, diagnostics, text } = await loadManifest(request);
  const https = manifest.type === "Load Balanced Web Service" && facts.domain !== undefined;
  const plan = planWorkload({ manifest, app: workspace.application, env, https });
  const images = plan.images ?? {};
  const input = { plan, facts, manifest: text, references: serviceReferences(plan, facts, images) };
  const template = serviceTemplate(input);
  const stack = {
    template,
    text: writeTemplate(template),
    parameters: serviceParameters(input, { image: images[plan.name] }),
    tags: workloadTags(plan),
    templateFile: `${plan.name}-${env}.stack.yml`,
    parametersFile: `${plan.name}-${env}.params.json`,
  };
  return { stack, diagnostics };
}

/** The parameters and tags of a stack, as CloudFormation's own tools read them. */
function parametersText({ parameters, tags }: PackagedStack): string {
  const sorted = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ Parameters: sorted(parameters), Tags: sorted(tags) }, null, 2)}\n`;
}

/** Writes a stack's files into a folder. @returns their paths @throws UserError workspace/write-failed */
export async function writeStack(stack: PackagedStack, folder: string, cwd: string): Promise<string[]> {
  const files = [
    { name: stack.templateFile, text: stack.text },
    { name: stack.parametersFile, text: parametersText(stack) },
  ];
  for (const { name, text } of files) await writeOutput(join(cwd, folder, name), join(folder, name), text);
  return files.map(({ name }) => join(folder, name));
}
