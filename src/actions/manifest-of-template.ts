import { manifestInTemplate } from "../cloudformation/manifest-in-template.ts";
import { loadWorkloadManifest, type WorkloadManifest } from "../manifest/load.ts";
import type { WorkloadRef } from "../providers/provider.ts";

/** The manifest that a template of a workload was made from, as it counted in its environment; undefined for one that carries
 *  none, or one that is not understood. */
export function manifestOfTemplate(template: string, { app, env, name }: WorkloadRef): WorkloadManifest | undefined {
  const text = manifestInTemplate(template);
  if (text === undefined) return undefined;
  return loadWorkloadManifest({ file: "manifest.yml", text, folder: name }, { app, env, variables: {} }).manifest;
}
