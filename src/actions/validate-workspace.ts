import { type Diagnostic, UserError } from "../errors.ts";
import { type LoadedManifest, loadWorkloadManifest, type ManifestSource } from "../manifest/load.ts";
import { Problems } from "../manifest/problems.ts";
import { readDocument } from "../manifest/yaml/read-document.ts";
import { planWorkload } from "../plan/plan-workload.ts";
import type { Provider } from "../providers/provider.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { leftOutOf, type LeftOutNotice } from "./left-out.ts";

export interface ValidationRequest {
  workspace: Workspace;
  /** One workload; absent: all of them. */
  name?: string;
  /** One environment; absent: the manifests alone, and as they count in every environment that is named anywhere. */
  env?: string;
  /** For `${VAR}`: the environment of the process. */
  variables: Readonly<Record<string, string | undefined>>;
  /** Warnings fail too. */
  strict: boolean;
  /** The back end of the one environment, asked what it does not do. */
  provider?: Pick<Provider, "leavesOut">;
}

export interface Validation {
  /** Each problem once, file by file, in the order of the lines. */
  diagnostics: Diagnostic[];
  /** In the order of the files. */
  leftOut: LeftOutNotice[];
  /** How many files were read. */
  files: number;
  failed: boolean;
}

/** Checks the manifests of the workspace. A shell variable that is not set is a warning here: where the manifest is
 *  deployed from, it may be. @throws UserError workspace/workload-not-found */
export async function validateWorkspace(request: ValidationRequest): Promise<Validation> {
  const { workspace, name, strict } = request;
  const names = name === undefined ? await workspace.listWorkloads() : [name];
  const sources = await Promise.all(names.map((each) => workspace.readWorkload(each)));
  const folders = await workspace.listEnvironments();
  const diagnostics = sources.flatMap((source) => check(source, folders, request));
  const leftOut = sources.flatMap((source) => leftOutOfSource(source, request));
  const failed = diagnostics.some(({ severity }) => strict || severity === "error");
  return { diagnostics, leftOut, files: sources.length, failed };
}

/** Nothing is said about a manifest with an error. */
function leftOutOfSource(source: ManifestSource, request: ValidationRequest): LeftOutNotice[] {
  const { workspace, env, variables, provider } = request;
  if (env === undefined || provider === undefined) return [];
  const { application: app } = workspace;
  const loaded = loadWorkloadManifest(source, { app, env, variables });
  const plan = planned(loaded, app, env);
  return plan === undefined ? [] : leftOutOf(plan, provider, loaded.place);
}

function planned({ manifest }: LoadedManifest, app: string, env: string) {
  try {
    return manifest && planWorkload({ manifest, app, env });
  } catch (error) {
    // Said where it is deployed.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function check(
  source: ManifestSource,
  folders: string[],
  { workspace, env, variables }: ValidationRequest,
): Diagnostic[] {
  const environments = env === undefined ? [undefined, ...new Set([...folders, ...overlays(source)])] : [env];
  const found = environments.flatMap(
    (each) => loadWorkloadManifest(source, { app: workspace.application, env: each, variables }).diagnostics,
  );
  const each = new Map(found.map(forgiving).map((diagnostic) => [JSON.stringify(diagnostic), diagnostic]));
  return [...each.values()].toSorted((a, b) => a.line - b.line || a.column - b.column);
}

function forgiving(diagnostic: Diagnostic): Diagnostic {
  return diagnostic.code === "interpolation/undefined" ? { ...diagnostic, severity: "warning" } : diagnostic;
}

/** The environments that a manifest says something about. */
function overlays({ file, text }: ManifestSource): string[] {
  const environments = readDocument(text, new Problems(file, text))?.entries.get("environments")?.value;
  return environments?.kind === "map" ? [...environments.entries.keys()] : [];
}
