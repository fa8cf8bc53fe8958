import type { EnvironmentInput } from "../cloudformation/environment/environment-input.ts";
import { environmentParameterValues, environmentTags } from "../cloudformation/environment/environment-parameters.ts";
import { environmentTemplate } from "../cloudformation/environment/environment-template.ts";
import { missingValues } from "../cloudformation/environment/missing-values.ts";
import type { StackFacts } from "../cloudformation/facts.ts";
import { withPermissionsBoundary } from "../cloudformation/permissions-boundary.ts";
import { writeTemplate } from "../cloudformation/write-template.ts";
import type { Diagnostic } from "../errors.ts";
import { needsOf, type WorkloadNeeds } from "../plan/environment-needs.ts";
import { openWorkload } from "./check-workloads.ts";
import { factsWithStacks } from "./deployed-stacks.ts";
import { diagnosticAt } from "./diagnostic-at.ts";
import { inBatches } from "./in-batches.ts";
import { type EnvironmentRequest, loadEnvironment } from "./load-environment.ts";
import { type OverrideChoice, overrideTemplate } from "./override-template.ts";
import type { PackagedStack } from "./packaged-stack.ts";

export interface PackageEnvironmentRequest extends EnvironmentRequest, OverrideChoice {
  facts: StackFacts;
}

/** The stack of an environment, with no network. What its workloads need is read from their manifests; a workload that
 *  cannot be read is named in a warning.
 *  @throws UserError workspace/environment-not-found, manifest/invalid, overrides/* */
export async function packageEnvironment(
  request: PackageEnvironmentRequest,
): Promise<{ stack: PackagedStack; diagnostics: Diagnostic[] }> {
  const { env } = request;
  const facts = factsWithStacks(request.facts, request.workspace.application, env);
  const loaded = await loadEnvironment(request);
  const input: EnvironmentInput = { plan: loaded.plan, facts, manifest: loaded.text };
  const workloads = await workloadNeeds(request);
  const leftOut = await foldersLeftOut(request.workspace);
  const { template, diagnostics: changes } = await overrideTemplate(
    withPermissionsBoundary(environmentTemplate(input), facts),
    { workspace: request.workspace, folder: "copilot/environments/overrides" },
    request,
  );
  const parameters = environmentParameterValues(
    input,
    workloads.flatMap(({ needs }) => needs ?? []),
  );
  const missing = missingValues(input, parameters).map(({ path, ...problem }) =>
    diagnosticAt(loaded, path, { severity: "warning", code: "environment/unknown-value", ...problem }),
  );
  const stack = {
    name: `${request.workspace.application}-${env}`,
    template,
    text: writeTemplate(template),
    parameters,
    tags: environmentTags(input),
    templateFile: `${env}.env.yml`,
    parametersFile: `${env}.env.params.json`,
  };
  return {
    stack,
    diagnostics: [
      ...loaded.diagnostics,
      ...leftOut,
      ...missing,
      ...changes,
      ...workloads.flatMap(({ problem }) => problem ?? []),
    ],
  };
}

/** What lies beside the environments' manifests, and is not in the template. */
async function foldersLeftOut({ files }: EnvironmentRequest["workspace"]): Promise<Diagnostic[]> {
  const found = await Promise.all(
    ["addons"].map(async (name) => {
      const folder = `copilot/environments/${name}`;
      return (await files.look(folder)).kind === "missing" ? [] : [folder];
    }),
  );
  return found.flat().map((folder) => ({
    severity: "warning",
    code: "environment/left-out",
    message: `what is in ${folder} is not part of the template in this version`,
    hint: "do not update a stack that has it with this template: CloudFormation would remove it",
    file: folder,
    line: 1,
    column: 1,
    path: "",
  }));
}

/** What each workload of the workspace needs of the environment, or why that is not known. */
async function workloadNeeds({
  workspace,
  env,
  variables,
}: EnvironmentRequest): Promise<{ needs?: WorkloadNeeds; problem?: Diagnostic }[]> {
  return inBatches(await workspace.listWorkloads(), async (name) => {
    const { manifest, diagnostics } = (await openWorkload({ workspace, variables }, name)).in(env);
    if (manifest) return { needs: needsOf(manifest) };
    const cause = diagnostics.find(({ severity }) => severity === "error");
    if (!cause) return {};
    return {
      problem: {
        ...cause,
        severity: "warning" as const,
        code: "environment/unknown-needs",
        message: `what ${name} needs of the environment is not known: ${cause.message}`,
        hint: "what it needs already, it keeps; mend its manifest before the environment is deployed for it",
      },
    };
  });
}
