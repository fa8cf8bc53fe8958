import { UserError } from "../errors.ts";
import type { Diagnostic, Place } from "../errors.ts";
import { type EnvironmentManifest, loadEnvironmentManifest } from "../manifest/load-environment.ts";
import { type EnvironmentPlan, planEnvironment } from "../plan/environment-plan.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { refuseErrors } from "./load-manifest.ts";

export interface EnvironmentRequest {
  workspace: Workspace;
  env: string;
  /** For `${VAR}`: the environment of the process. */
  variables: Readonly<Record<string, string | undefined>>;
}

export interface CheckedEnvironment {
  manifest: EnvironmentManifest;
  plan: EnvironmentPlan;
  /** The file's text with the values of variables. */
  text: string;
  /** Warnings. */
  diagnostics: Diagnostic[];
  place(path: readonly (string | number)[]): Place;
}

/** An environment's manifest, and its plan.
 *  @throws UserError workspace/environment-not-found, manifest/invalid with all its problems */
export async function loadEnvironment({ workspace, env, variables }: EnvironmentRequest): Promise<CheckedEnvironment> {
  const app = workspace.application;
  const source = await workspace.readEnvironment(env);
  const { manifest, interpolatedText, diagnostics, place } = loadEnvironmentManifest(source, { app, variables });
  refuseErrors(diagnostics);
  if (!manifest) throw new Error(`${env} is neither right nor wrong`);
  return { manifest, plan: planEnvironment({ manifest, app, env }), text: interpolatedText(), diagnostics, place };
}

/** The environment that a workload goes to; one without a manifest has Copilot's defaults.
 *  @throws UserError manifest/invalid with all its problems */
export async function environmentOf(
  request: EnvironmentRequest,
): Promise<Pick<CheckedEnvironment, "manifest" | "plan">> {
  try {
    return await loadEnvironment(request);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== "workspace/environment-not-found") throw error;
    const manifest: EnvironmentManifest = { name: request.env, type: "Environment" };
    return { manifest, plan: planEnvironment({ manifest, app: request.workspace.application, env: request.env }) };
  }
}
