import type { Diagnostic } from "../errors.ts";
import { isTask, type LoadedManifest } from "../manifest/load.ts";
import { PlanRefused } from "../plan/plan-refused.ts";
import { planTasks, type TasksPlan } from "../plan/plan-tasks.ts";
import { diagnosticAt } from "./diagnostic-at.ts";

/** The plan of what runs as tasks of ECS and whose manifest has no errors, or what ECS would not take of it; nothing for any other
 *  manifest. */
export function checkPlan(
  loaded: LoadedManifest,
  { app, env }: { app: string; env: string },
): { plan?: TasksPlan; problem?: Diagnostic } {
  if (!loaded.manifest || !isTask(loaded.manifest)) return {};
  try {
    return { plan: planTasks({ manifest: loaded.manifest, app, env }) };
  } catch (error) {
    if (!(error instanceof PlanRefused)) throw error;
    const { problem: code, message, hint, path } = error;
    return { problem: diagnosticAt(loaded, path, { severity: "error", code, message, hint }) };
  }
}
