import type { Diagnostic, Place } from "../errors.ts";
import { interpolate } from "./interpolate.ts";
import { type Path, Problems } from "./problems.ts";
import { mergeMaps } from "./read/merge.ts";
import { reportOverlayNames } from "./read/overlay-names.ts";
import { type PlacedMap, placeOf, valueOf } from "./read/placed.ts";
import { Reader } from "./read/read.ts";
import { reportMissing } from "./read/report-missing.ts";
import { readType } from "./read-type.ts";
import { applyRules, workloadRules } from "./rules/workload-rules.ts";
import { workloadName } from "./rules/workload-name.ts";
import { type MapForm, formFor } from "./schema/forms.ts";
import { type WorkloadManifest, workloadSchemas } from "./schema/workloads.ts";
import { readDocument } from "./yaml/read-document.ts";
import type { MapNode } from "./yaml/tree.ts";

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

/** Reads a workload's manifest for one environment and finds all that is wrong with it; throws for nothing that a
 *  file can hold. */
export function loadWorkloadManifest(source: ManifestSource, context: LoadContext): LoadedManifest {
  const problems = new Problems(source.file, source.text);
  const root = readDocument(source.text, problems);
  const merged =
    root && readWorkload(interpolate(root, variablesOf(context), problems) as MapNode, source, context, problems);
  const manifest = merged?.type && !problems.hasErrors ? checked(merged, problems) : undefined;
  return {
    manifest: problems.hasErrors ? undefined : manifest,
    diagnostics: problems.inFileOrder(),
    place: (path: Path) => problems.place(merged ? placeOf(merged.placed, path) : 0),
  };
}

interface Merged {
  type?: WorkloadManifest["type"];
  placed: PlacedMap;
}

/** Reads the file by its type's schema, lays the overlay over it, and checks the result. */
function readWorkload(root: MapNode, source: ManifestSource, { env }: LoadContext, problems: Problems): Merged {
  const type = readType(root, problems);
  const { written, checked: whole } = workloadSchemas[type ?? "Backend Service"];
  if (!type) {
    // Nothing is known of such a manifest but that it has a name.
    const named: MapNode = { ...root, entries: new Map([...root.entries].filter(([key]) => key === "name")) };
    const placed = new Reader("Backend Service", written, problems).readRoot(named);
    applyRules([workloadName], placed, source, problems);
    return { placed };
  }
  const placed = new Reader(type, written, problems).readRoot(withType(root, type));
  reportOverlayNames(placed, written, problems);
  const base: PlacedMap = { ...placed, entries: new Map(placed.entries) };
  base.entries.delete("environments");
  const merged = overlaid(base, placed, env, formFor(whole, "map") as MapForm);
  reportMissing(whole, merged, problems);
  applyRules(workloadRules, merged, source, problems);
  return { type, placed: merged };
}

/** The environment's own values over the manifest's. */
function overlaid(base: PlacedMap, whole: PlacedMap, env: string | undefined, form: MapForm): PlacedMap {
  const environments = whole.entries.get("environments")?.value;
  const overlay = env !== undefined && environments?.kind === "map" ? environments.entries.get(env)?.value : undefined;
  return overlay?.kind === "map" ? mergeMaps(form, base, overlay) : base;
}

/** A misspelt type has been reported; the rest is read as what it must mean. */
function withType(root: MapNode, type: string): MapNode {
  const entry = root.entries.get("type");
  if (entry?.value.kind !== "scalar") return root;
  return { ...root, entries: new Map(root.entries).set("type", { ...entry, value: { ...entry.value, text: type } }) };
}

/** The schema has the last word; what it still refuses is about more than one field. */
function checked({ type, placed }: Merged, problems: Problems): WorkloadManifest | undefined {
  const result = workloadSchemas[type ?? "Backend Service"].checked.safeParse(valueOf(placed));
  for (const { path, message } of result.error?.issues ?? []) {
    const steps = path.map((step) => (typeof step === "number" ? step : String(step)));
    problems.add(placeOf(placed, steps), "schema/value", message, steps);
  }
  return result.data;
}

function variablesOf({ app, env, variables }: LoadContext) {
  const predefined = { COPILOT_APPLICATION_NAME: app, COPILOT_ENVIRONMENT_NAME: env ?? null };
  return { given: variables, predefined };
}
