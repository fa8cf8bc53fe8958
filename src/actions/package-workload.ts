import type { StackFacts } from "../cloudformation/facts.ts";
import { withPermissionsBoundary } from "../cloudformation/permissions-boundary.ts";
import { workloadTags } from "../cloudformation/service/service-parameters.ts";
import { writeTemplate } from "../cloudformation/write-template.ts";
import type { Diagnostic } from "../errors.ts";
import { environmentMisfits } from "../manifest/environment-fit.ts";
import { discoveryNamespace } from "../plan/names.ts";
import { factsWithStacks } from "./deployed-stacks.ts";
import { missingFiles } from "./check-files.ts";
import { diagnosticAt } from "./diagnostic-at.ts";
import { environmentOf } from "./load-environment.ts";
import { loadManifest, type ManifestRequest, refuseErrors } from "./load-manifest.ts";
import { limitsOf } from "./limits-of.ts";
import { type OverrideChoice, overrideTemplate } from "./override-template.ts";
import { packageAddons } from "./package-addons.ts";
import type { PackagedStack } from "./packaged-stack.ts";
import { unknownReferences } from "./read-addons.ts";
import { taggedImage } from "./tagged-image.ts";
import { tooOldEnvironment } from "./too-old-environment.ts";
import { unknownEnvironment } from "./unknown-environment.ts";
import { type StackFor, workloadStack } from "./workload-stack.ts";

export interface PackageRequest extends ManifestRequest, OverrideChoice {
  facts: StackFacts;
  /** Of the image that is built for the workload's own container. */
  tag?: string;
  /** What a deployment has made for it; absent while nothing is built or uploaded. */
  made?: Pick<StackFor, "images" | "envFiles">;
}

/** The stack of a workload in an environment, with no network. What the environment cannot give it is a warning: it is
 *  the deployment that fails.
 *  @throws UserError workspace/workload-not-found, manifest/invalid, addons/invalid, overrides/*, usage/invalid-flag */
export async function packageWorkload(
  request: PackageRequest,
): Promise<{ stack: PackagedStack; diagnostics: Diagnostic[] }> {
  const { workspace, env, variables } = request;
  const app = workspace.application;
  const loaded = await loadManifest(request);
  const { manifest, diagnostics } = loaded;
  const text = loaded.interpolatedText();
  const { name } = manifest;
  const facts = factsWithStacks(request.facts, app, env, name);
  const { manifest: around, plan: environment } = await environmentOf({ workspace, env, variables });
  const misfits = [
    ...tooOldEnvironment(manifest, env, facts.environmentParameters),
    ...environmentMisfits(manifest, { app, env, environment: around, domain: facts.domain }),
  ].map(({ path, ...problem }) => diagnosticAt(loaded, path, { severity: "warning", ...problem }));
  const namespace = discoveryNamespace(app, env, facts.environmentParameters);
  const {
    addons,
    file,
    url,
    diagnostics: ofAddons,
  } = await packageAddons(
    { workspace, workload: name, deployed: facts.workloadParameters?.["AddonsTemplateURL"] },
    facts,
  );
  const given = { app, env, facts, text, environment, namespace, addons, ...request.made };
  const { parameters, missing = [], ...made } = workloadStack(manifest, given);
  const unknown = missing.map(({ path, ...problem }) =>
    diagnosticAt(loaded, path, { severity: "warning", code: "environment/unknown-value", ...problem }),
  );
  const { template, diagnostics: changes } = await overrideTemplate(
    withPermissionsBoundary(made.template, facts),
    { workspace, folder: `copilot/${name}/overrides` },
    request,
  );
  if (addons) refuseErrors(unknownReferences(addons, template), "addons/invalid");
  const image = taggedImage(request.tag, loaded, { app, facts });
  const files = await missingFiles(workspace.files, { ...loaded, readable: manifest, isReadable: () => true });
  const stack = {
    name: `${app}-${env}-${name}`,
    environmentStack: `${app}-${env}`,
    template,
    text: writeTemplate(template),
    parameters: { ...parameters, ...image.parameters, AddonsTemplateURL: url },
    tags: { ...facts.tags, ...workloadTags({ app, env, name }) },
    templateFile: `${name}-${env}.stack.yml`,
    parametersFile: `${name}-${env}.params.json`,
    ...(file && { addons: file }),
  };
  const stray = await unknownEnvironment(workspace, env, request.facts);
  const warnings = [...stray, ...misfits, ...unknown, ...files, ...image.warnings, ...ofAddons, ...changes];
  return { stack, diagnostics: [...diagnostics, ...warnings, ...limitsOf(stack, loaded)] };
}
