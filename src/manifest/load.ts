import type { Diagnostic, Place } from "../errors.ts";
import { interpolate } from "./interpolate.ts";
import { interpolatedText } from "./interpolated-text.ts";
import { type Path, Problems } from "./problems.ts";
import { mergeMaps } from "./read/merge.ts";
import { reportOverlayNames } from "./read/overlay-names.ts";
import { type PlacedMap, isBroken, placeOf } from "./read/placed.ts";
import { type KnownReadings, Reader } from "./read/read.ts";
import { reportMissing } from "./read/report-missing.ts";
import { readType } from "./read-type.ts";
import type { ReadWorkload, Rule } from "./rules/rule.ts";
import { applyRules, workloadRules } from "./rules/workload-rules.ts";
import { workloadName } from "./rules/workload-name.ts";
import { type MapForm, formFor } from "./schema/forms.ts";
import { type WorkloadManifest, workloadSchemas } from "./schema/workloads.ts";
import { readDocument } from "./yaml/read-document.ts";
import type { MapNode } from "./yaml/tree.ts";

export { isReadService, type ReadWorkload } from "./rules/rule.ts";
export {
  isService,
  isTask,
  type RequestDrivenManifest,
  type ScheduledJobManifest,
  type ServiceManifest,
  type StaticSiteManifest,
  type TaskManifest,
  type WorkerServiceManifest,
  type WorkloadManifest,
} from "./schema/workloads.ts";

/** A manifest file as it lies in the workspace. `file` is what messages show; `folder` is the workload's folder name. */
export interface ManifestSource {
  file: string;
  text: string;
  folder: string;
  /** Whether patches change what is made of the manifest: what it names may then be added by them. */
  hasOverrides?: boolean;
}

export interface LoadContext {
  app: string;
  /** Which overlay of `environments:` to apply; absent: the base alone. */
  env?: string;
  /** The environment whose overlay that is, when it is another than `env`. */
  overlay?: string;
  /** For `${VAR}`; COPILOT_APPLICATION_NAME and COPILOT_ENVIRONMENT_NAME are predefined from app and env. */
  variables: Readonly<Record<string, string | undefined>>;
}

export interface LoadedManifest {
  /** After interpolation and overlay, in the manifest's own shape and units; undefined when there is an error. */
  manifest: WorkloadManifest | undefined;
  /** The file's. */
  text: string;
  /** The same with the values of variables, before any overlay: what Copilot keeps in a stack. */
  interpolatedText(): string;
  /** The same of a manifest with errors: what could be read of it. */
  readable: ReadWorkload;
  /** Whether a path could be read, or is not there: nothing can be said of a variable that is not set. */
  isReadable(path: readonly (string | number)[]): boolean;
  /** All problems, in file order. */
  diagnostics: Diagnostic[];
  /** Where a path of the merged manifest stands in the file (the overlay's line when the overlay set it);
   *  a missing key points at its parent. */
  place(path: readonly (string | number)[]): Place;
}

/** Reads a workload's manifest for one environment and finds all that is wrong with it; throws for nothing that a
 *  file can hold. */
export function loadWorkloadManifest(source: ManifestSource, { env, ...context }: LoadContext): LoadedManifest {
  return openWorkloadManifest(source, context).in(env);
}

/** A manifest that is read once, to be seen in one environment after the other. */
export interface OpenedManifest {
  /** The environments that its `environments` holds something about. */
  readonly overlays: readonly string[];
  /** Whether it may differ in environments without an overlay too. */
  readonly namesEnvironment: boolean;
  /** As it counts in an environment; without one, the base alone. Environments in which it is the same share one
   *  answer. */
  in(env: string | undefined): LoadedManifest;
}

export function openWorkloadManifest(source: ManifestSource, context: Omit<LoadContext, "env">): OpenedManifest {
  const syntax = new Problems(source.file, source.text);
  const root = readDocument(source.text, syntax);
  const namesEnvironment = source.text.includes(environmentVariable);
  const readings = new Map<string | undefined, Reading>();
  const seen = new Map<string, LoadedManifest>();
  const readBefore: KnownReadings = new Map();
  const overlays = root ? namesIn(root) : [];

  const readingFor = (env: string | undefined): Reading | undefined => {
    const key = namesEnvironment ? env : undefined;
    const known = readings.get(key);
    if (known || !root) return known;
    const variables = { ...context, ...(key !== undefined && { env: key }) };
    const reading = readWorkload(root, source, variables, syntax.copy(), readBefore);
    readings.set(key, reading);
    return reading;
  };

  return {
    overlays,
    namesEnvironment,
    in(env) {
      const wanted = env === undefined ? undefined : (context.overlay ?? env);
      const overlay = wanted !== undefined && overlays.includes(wanted) ? wanted : undefined;
      const key = JSON.stringify([namesEnvironment ? env : undefined, overlay]);
      let loaded = seen.get(key);
      if (!loaded) seen.set(key, (loaded = seenIn(overlay, readingFor(env), source, syntax)));
      return loaded;
    },
  };
}

const environmentVariable = "COPILOT_ENVIRONMENT_NAME";

/** The keys of `environments` that hold something. */
function namesIn(root: MapNode): string[] {
  const environments = root.entries.get("environments")?.value;
  if (environments?.kind !== "map") return [];
  return [...environments.entries].filter(([, { value }]) => value.kind !== "null").map(([name]) => name);
}

/** What stands in the file, read by the schema of its type, with all overlays. */
interface Reading {
  /** The file's, after interpolation. */
  root: MapNode;
  type?: WorkloadManifest["type"];
  placed: PlacedMap;
  problems: Problems;
}

function readWorkload(
  root: MapNode,
  source: ManifestSource,
  context: LoadContext,
  problems: Problems,
  known: KnownReadings,
): Reading {
  const interpolated = interpolate(root, variablesOf(context), problems) as MapNode;
  const type = readType(interpolated, problems);
  const { written } = workloadSchemas[type ?? "Backend Service"];
  if (type) {
    const placed = new Reader(type, written, problems, known).readRoot(withType(interpolated, type));
    reportOverlayNames(placed, written, problems);
    return { root: interpolated, type, placed, problems };
  }
  // Nothing is known of such a manifest but that it has a name.
  const named: MapNode = { ...root, entries: new Map([...interpolated.entries].filter(([key]) => key === "name")) };
  const placed = new Reader("Backend Service", written, problems).readRoot(named);
  applyRules([workloadName], placed, source, problems);
  return { root: interpolated, placed, problems };
}

/** Lays an overlay over the base, and checks the result. */
function seenIn(
  overlay: string | undefined,
  reading: Reading | undefined,
  source: ManifestSource,
  syntax: Problems,
): LoadedManifest {
  if (!reading) {
    return {
      manifest: undefined,
      text: source.text,
      interpolatedText: () => source.text,
      readable: {},
      isReadable: () => false,
      diagnostics: syntax.inFileOrder(),
      place: () => syntax.place(0),
    };
  }
  const { root, type, placed: whole } = reading;
  const problems = reading.problems.copy();
  let placed = whole;
  let readable: ReadWorkload = {};
  if (type) {
    const { checked } = workloadSchemas[type];
    placed = overlaid(whole, overlay, formFor(checked, "map") as MapForm);
    reportMissing(checked, placed, problems);
    readable = applyRules<ReadWorkload>(rulesOf(type), placed, source, problems);
  }
  return {
    // Every value has been read by its field's schema, and no required one is missing: it is what the schema describes.
    manifest: type && !problems.hasErrors ? (readable as WorkloadManifest) : undefined,
    text: source.text,
    interpolatedText: () => interpolatedText(source.text, root),
    readable,
    isReadable: (path: Path) => !isBroken(placed, path),
    diagnostics: problems.inFileOrder(),
    place: (path: Path) => problems.place(placeOf(placed, path)),
  };
}

/** A manifest is judged by the rules of its own type only. */
function rulesOf(type: WorkloadManifest["type"]): readonly Rule<ReadWorkload>[] {
  return workloadRules[type] as readonly Rule<never>[] as readonly Rule<ReadWorkload>[];
}

/** The values of an environment over the manifest's. */
function overlaid(whole: PlacedMap, env: string | undefined, form: MapForm): PlacedMap {
  const environments = whole.entries.get("environments")?.value;
  const base: PlacedMap = { ...whole, entries: new Map(whole.entries) };
  base.entries.delete("environments");
  const overlay = env !== undefined && environments?.kind === "map" ? environments.entries.get(env)?.value : undefined;
  return overlay?.kind === "map" ? mergeMaps(form, base, overlay) : base;
}

/** A misspelt type has been reported; the rest is read as what it must mean. */
function withType(root: MapNode, type: string): MapNode {
  const entry = root.entries.get("type");
  if (entry?.value.kind !== "scalar") return root;
  return { ...root, entries: new Map(root.entries).set("type", { ...entry, value: { ...entry.value, text: type } }) };
}

function variablesOf({ app, env, variables }: LoadContext) {
  const predefined = { COPILOT_APPLICATION_NAME: app, [environmentVariable]: env ?? null };
  return { given: variables, predefined };
}
