import type { Diagnostic, ErrorCode, Place } from "../errors.ts";
import { UserError } from "../errors.ts";
import { loadWorkloadManifest, type ServiceManifest, type WorkloadManifest } from "../manifest/load.ts";
import type { TasksPlan } from "../plan/plan-tasks.ts";
import type { WorkloadPlan } from "../plan/workload-plan.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { checkPlan } from "./check-plan.ts";

export interface ManifestRequest {
  workspace: Workspace;
  /** The workload. */
  name: string;
  env: string;
  /** Whose overlay counts in that environment; absent: its own. */
  overlay?: string;
  /** For `${VAR}`: the environment of the process. */
  variables: Readonly<Record<string, string | undefined>>;
}

export interface CheckedManifest {
  manifest: WorkloadManifest;
  /** The file's text. */
  text: string;
  /** The same with the values of variables, before any overlay. */
  interpolatedText(): string;
  /** Of what runs as tasks of ECS. */
  plan?: TasksPlan;
  /** Warnings. */
  diagnostics: Diagnostic[];
  place(path: readonly (string | number)[]): Place;
}

/** The same of what runs as a service of ECS. */
export interface CheckedService extends CheckedManifest {
  manifest: ServiceManifest;
  plan: WorkloadPlan;
}

/** A workload's manifest as it counts in an environment, and its plan. No file that it names is looked at.
 *  @throws UserError workspace/workload-not-found, manifest/invalid with all its problems */
export async function loadManifest(request: ManifestRequest): Promise<CheckedManifest> {
  const { workspace, name, env, overlay, variables } = request;
  const app = workspace.application;
  const loaded = loadWorkloadManifest(await workspace.readWorkload(name), { app, env, overlay, variables });
  const { plan, problem } = checkPlan(loaded, { app, env });
  const diagnostics = [...loaded.diagnostics, ...(problem ? [problem] : [])];
  refuseErrors(diagnostics);
  const { manifest, text, interpolatedText, place } = loaded;
  if (!manifest) throw new Error(`${name} is neither right nor wrong`);
  return { manifest, text, interpolatedText, ...(plan && { plan }), diagnostics, place };
}

/** @throws UserError manifest/invalid, or with another code, with all of them when there is an error among them */
export function refuseErrors(diagnostics: Diagnostic[], code: ErrorCode = "manifest/invalid"): void {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return;
  const places = [...new Set(errors.map(({ file }) => file))];
  const number = errors.length === 1 ? "an error" : `${errors.length} errors`;
  const message = places.length === 1 ? `${places[0]} has ${number}` : `${places.length} files have ${number}`;
  throw new UserError(code, message, { diagnostics });
}
