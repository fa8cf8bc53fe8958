import type { Diagnostic, Place } from "../errors.ts";
import type { WorkloadManifest } from "./schema/workloads.ts";

export type { WorkloadManifest } from "./schema/workloads.ts";

/** A manifest file as it lies in the workspace. `file` is what messages show; `folder` is the workload's folder name. */
export interface ManifestSource {
  file: string;
  text: string;
  folder: string;
}

export interface LoadContext {
  app: string;
  /** Which overlay of `environments:` to apply; absent: the base alone. */
  env?: string;
  /** For `${VAR}`; COPILOT_APPLICATION_NAME and COPILOT_ENVIRONMENT_NAME are predefined from app and env. */
  variables: Readonly<Record<string, string | undefined>>;
}

export interface LoadedManifest {
  /** After interpolation and overlay, in the manifest's own shape and units; undefined when there is an error. */
  manifest: WorkloadManifest | undefined;
  /** All problems, in file order. */
  diagnostics: Diagnostic[];
  /** Where a path of the merged manifest stands in the file (the overlay's line when the overlay set it);
   *  a missing key points at its parent. */
  place(path: readonly (string | number)[]): Place;
}

export declare function loadWorkloadManifest(source: ManifestSource, context: LoadContext): LoadedManifest;
