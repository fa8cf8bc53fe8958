import { type Diagnostic, UserError } from "../errors.ts";
import type { ResolvedWorkloadPlan } from "../plan/workload-plan.ts";
import { printableTaskDefinition } from "../plan/resolve.ts";
import { loadManifest, type ManifestRequest } from "./load-manifest.ts";

/** The task definition that a deploy of this workload would register, with no network. What only a deploy knows stands
 *  as `<execution role>`, `<image of api>` … @throws UserError workspace/workload-not-found, manifest/invalid,
 *  workload/no-task-definition */
export async function renderTaskDefinition(
  request: ManifestRequest,
): Promise<{ taskDefinition: ResolvedWorkloadPlan["taskDefinition"]; diagnostics: Diagnostic[] }> {
  const { manifest, plan, diagnostics, place } = await loadManifest(request);
  if (!plan)
    throw new UserError(
      "workload/no-task-definition",
      `${request.name} is a ${manifest.type}, which has no task definition`,
      {
        place: place(["type"]),
        hint: `pilotfish svc package -n ${request.name} -e ${request.env} --facts facts.json`,
      },
    );
  return { taskDefinition: printableTaskDefinition(plan), diagnostics };
}
