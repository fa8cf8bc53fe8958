import { addonsParameter } from "../cloudformation/environment/addons.ts";
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
import { refuseErrors } from "./load-manifest.ts";
import { limitsOf } from "./limits-of.ts";
import { type OverrideChoice, overrideTemplate } from "./override-template.ts";
import { packageAddons } from "./package-addons.ts";
import type { PackagedStack } from "./packaged-stack.ts";
import { unknownReferences } from "./read-addons.ts";

export interface PackageEnvironmentRequest extends EnvironmentRequest, OverrideChoice {
  facts: StackFacts;
}

/** The stack of an environment, with no network. What its workloads need is read from their manifests; a workload that
 *  cannot be read is named in a warning.
 *  @throws UserError workspace/environment-not-found, manifest/invalid, addons/invalid, overrides/* */
export async function packageEnvironment(
  request: PackageEnvironmentRequest,
): Promise<{ stack: PackagedStack; diagnostics: Diagnostic[] }> {
  const { workspace, env } = request;
  const facts = factsWithStacks(request.facts, workspace.application, env);
  const loaded = await loadEnvironment(request);
  const deployed = facts.environmentParameters?.[addonsParameter];
  const { addons, file, url, diagnostics: ofAddons } = await packageAddons({ workspace, deployed }, facts);
  const input: EnvironmentInput = { plan: loaded.plan, facts, manifest: loaded.text, ...(addons && { addons }) };
  const workloads = await workloadNeeds(request);
  const { template, diagnostics: changes } = await overrideTemplate(
    withPermissionsBoundary(environmentTemplate(input), facts),
    { workspace, folder: "copilot/environments/overrides" },
    request,
  );
  if (addons) refuseErrors(unknownReferences(addons, template), "addons/invalid");
  const needed = workloads.flatMap(({ needs }) => needs ?? []);
  const parameters = { ...environmentParameterValues(input, needed), ...(addons && { [addonsParameter]: url }) };
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
    ...(file && { addons: file }),
  };
  return {
    stack,
    diagnostics: [
      ...loaded.diagnostics,
      ...ofAddons,
      ...missing,
      ...changes,
      ...limitsOf(stack, loaded),
      ...workloads.flatMap(({ problem }) => problem ?? []),
    ],
  };
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
