import type { Diagnostic } from "../errors.ts";
import type { ResolvedWorkloadPlan } from "../plan/workload-plan.ts";
import { printableTaskDefinition } from "../plan/resolve.ts";
import { loadManifest, type ManifestRequest } from "./load-manifest.ts";

/** The task definition that a deploy of this workload would register, with no network. What only a deploy knows stands
 *  as `<execution role>`, `<image of api>` … @throws UserError workspace/workload-not-found, manifest/invalid */
export async function renderTaskDefinition(
  request: ManifestRequest,
): Promise<{ taskDefinition: ResolvedWorkloadPlan["taskDefinition"]; diagnostics: Diagnostic[] }> {
  const { plan, diagnostics } = await loadManifest(request);
  return { taskDefinition: printableTaskDefinition(plan), diagnostics };
}
