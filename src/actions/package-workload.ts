import type { StackFacts } from "../cloudformation/facts.ts";
import { serviceReferences } from "../cloudformation/service/references.ts";
import { serviceParameters, workloadTags } from "../cloudformation/service/service-parameters.ts";
import { serviceTemplate } from "../cloudformation/service/service-template.ts";
import { writeTemplate } from "../cloudformation/write-template.ts";
import type { Diagnostic } from "../errors.ts";
import { listensWithHttps } from "../plan/environment-plan.ts";
import { planWorkload } from "../plan/plan-workload.ts";
import { environmentOf } from "./load-environment.ts";
import { loadManifest, type ManifestRequest } from "./load-manifest.ts";
import type { PackagedStack } from "./packaged-stack.ts";

export interface PackageRequest extends ManifestRequest {
  facts: StackFacts;
}

/** The stack of a workload in an environment, with no network.
 *  @throws UserError workspace/workload-not-found, manifest/invalid */
export async function packageWorkload(
  request: PackageRequest,
): Promise<{ stack: PackagedStack; diagnostics: Diagnostic[] }> {
  const { workspace, env, facts, variables } = request;
  const { manifest, diagnostics, text } = await loadManifest(request);
  const environment = await environmentOf({ workspace, env, variables });
  const listens = listensWithHttps(environment, facts.domain);
  const https = manifest.type === "Load Balanced Web Service" ? listens.public : listens.internal;
  const plan = planWorkload({ manifest, app: workspace.application, env, https });
  const images = plan.images ?? {};
  const input = { plan, facts, manifest: text, references: serviceReferences(plan, facts, images) };
  const template = serviceTemplate(input);
  const stack = {
    template,
    text: writeTemplate(template),
    parameters: serviceParameters(input, {
      image: images[plan.name],
      dnsDelegated: facts.domain !== undefined && environment.publicLoadBalancer.certificates.length === 0,
    }),
    tags: workloadTags(plan),
    templateFile: `${plan.name}-${env}.stack.yml`,
    parametersFile: `${plan.name}-${env}.params.json`,
  };
  return { stack, diagnostics };
}
