import type { Diagnostic, Place } from "../errors.ts";
import { interpolate } from "./interpolate.ts";
import { interpolatedText } from "./interpolated-text.ts";
import type { LoadContext, ManifestSource } from "./load.ts";
import { type Path, Problems } from "./problems.ts";
import { placeOf } from "./read/placed.ts";
import { Reader } from "./read/read.ts";
import { reportMissing } from "./read/report-missing.ts";
import type { EnvironmentManifest, ReadEnvironmentManifest } from "./rules/environment-rule.ts";
import { environmentRules } from "./rules/environment-rules.ts";
import { applyRules } from "./rules/workload-rules.ts";
import { environmentManifest } from "./schema/environment-manifest.ts";
import { quoted } from "./words.ts";
import { readDocument } from "./yaml/read-document.ts";
import type { MapNode } from "./yaml/tree.ts";

export type { EnvironmentManifest } from "./rules/environment-rule.ts";

export interface LoadedEnvironmentManifest {
  /** After interpolation, in the manifest's own shape and units; undefined when there is an error. */
  manifest: EnvironmentManifest | undefined;
  /** The file's. */
  text: string;
  /** The same with the values of variables, which Copilot keeps in a stack. */
  interpolatedText(): string;
  /** The same of a manifest with errors: what could be read of it. */
  readable: ReadEnvironmentManifest;
  /** All problems, in file order. */
  diagnostics: Diagnostic[];
  /** Where a path of the manifest stands in the file; a missing key points at its parent. */
  place(path: readonly (string | number)[]): Place;
}

let schema: ReturnType<typeof environmentManifest> | undefined;

/** Reads an environment's manifest and finds all that is wrong with it; throws for nothing that a file can hold.
 *  `source.folder` is the environment's name. */
export function loadEnvironmentManifest(
  source: ManifestSource,
  { app, variables }: Pick<LoadContext, "app" | "variables">,
): LoadedEnvironmentManifest {
  const problems = new Problems(source.file, source.text);
  const root = readDocument(source.text, problems);
  if (!root) return unread(source.text, problems);
  const predefined = { COPILOT_APPLICATION_NAME: app, COPILOT_ENVIRONMENT_NAME: source.folder };
  const whole = interpolate(root, { given: variables, predefined }, problems) as MapNode;
  checkText(whole, "name", source.folder, `the folder is ${quoted(source.folder)}`, problems);
  checkText(whole, "type", "Environment", "this folder holds manifests of environments", problems);
  schema ??= environmentManifest();
  const placed = new Reader("Environment", schema, problems).readRoot(withoutOtherType(whole));
  reportMissing(schema, placed, problems);
  const readable = applyRules(environmentRules, placed, source, problems);
  return {
    // Every value has been read by its field's schema, and no required one is missing: it is what the schema describes.
    manifest: problems.hasErrors ? undefined : (readable as EnvironmentManifest),
    text: source.text,
    interpolatedText: () => interpolatedText(source.text, whole),
    readable,
    diagnostics: problems.inFileOrder(),
    place: (path: Path) => problems.place(placeOf(placed, path)),
  };
}

function unread(text: string, problems: Problems): LoadedEnvironmentManifest {
  return {
    manifest: undefined,
    text,
    interpolatedText: () => text,
    readable: {},
    diagnostics: problems.inFileOrder(),
    place: () => problems.place(0),
  };
}

/** A wrong name or type has been reported by {@link checkText}, in words of its own. */
function checkText(root: MapNode, key: "name" | "type", wanted: string, why: string, problems: Problems): void {
  const value = root.entries.get(key)?.value;
  const hint = `write \`${key}: ${wanted}\``;
  if (!value || value.kind === "null" || value.kind !== "scalar") return;
  if (value.text === wanted || value.interpolated === "undefined") return;
  problems.add(value.at, `environment/${key}`, `the ${key} is ${quoted(value.text)}, but ${why}`, [key], { hint });
}

function withoutOtherType(root: MapNode): MapNode {
  const entry = root.entries.get("type");
  if (entry?.value.kind !== "scalar") return root;
  const value = { ...entry.value, text: "Environment" };
  return { ...root, entries: new Map(root.entries).set("type", { ...entry, value }) };
}
