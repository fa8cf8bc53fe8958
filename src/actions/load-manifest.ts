import type { Diagnostic, Place } from "../errors.ts";
import { UserError } from "../errors.ts";
import { loadWorkloadManifest, type WorkloadManifest } from "../manifest/load.ts";
import type { Workspace } from "../workspace/workspace.ts";

export interface ManifestRequest {
  workspace: Workspace;
  /** The workload. */
  name: string;
  env: string;
  /** For `${VAR}`: the environment of the process. */
  variables: Readonly<Record<string, string | undefined>>;
}

export interface CheckedManifest {
  manifest: WorkloadManifest;
  /** The file's text. */
  text: string;
  /** Warnings. */
  diagnostics: Diagnostic[];
  place(path: readonly (string | number)[]): Place;
}

/** A workload's manifest as it counts in an environment.
 *  @throws UserError workspace/workload-not-found, manifest/invalid with all its problems */
export async function loadManifest({ workspace, name, env, variables }: ManifestRequest): Promise<CheckedManifest> {
  const source = await workspace.readWorkload(name);
  const { manifest, diagnostics, place } = loadWorkloadManifest(source, { app: workspace.application, env, variables });
  if (!manifest) {
    const errors = diagnostics.filter(({ severity }) => severity === "error").length;
    throw new UserError("manifest/invalid", `${source.file} has ${errors === 1 ? "an error" : `${errors} errors`}`, {
      diagnostics,
    });
  }
  return { manifest, text: source.text, diagnostics, place };
}
