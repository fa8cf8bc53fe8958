import type { Diagnostic } from "../errors.ts";
import { isService, type LoadedManifest } from "../manifest/load.ts";
import { PlanRefused } from "../plan/plan-refused.ts";
import { planWorkload } from "../plan/plan-workload.ts";
import type { WorkloadPlan } from "../plan/workload-plan.ts";
import { diagnosticAt } from "./diagnostic-at.ts";

/** The plan of a service of ECS whose manifest has no errors, or what ECS would not take of it; nothing for any other
 *  manifest. */
export function checkPlan(
  loaded: LoadedManifest,
  { app, env }: { app: string; env: string },
): { plan?: WorkloadPlan; problem?: Diagnostic } {
  if (!loaded.manifest || !isService(loaded.manifest)) return {};
  try {
    return { plan: planWorkload({ manifest: loaded.manifest, app, env }) };
  } catch (error) {
    if (!(error instanceof PlanRefused)) throw error;
    const { problem: code, message, hint, path } = error;
    return { problem: diagnosticAt(loaded, path, { severity: "error", code, message, hint }) };
  }
}
