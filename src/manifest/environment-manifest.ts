import type { Diagnostic } from "../errors.ts";
import { interpolate } from "./interpolate.ts";
import type { LoadContext, ManifestSource } from "./load.ts";
import { Problems } from "./problems.ts";
import { quoted } from "./words.ts";
import { readDocument } from "./yaml/read-document.ts";
import type { MapNode } from "./yaml/tree.ts";

/** What is wrong with an environment's manifest as far as it is read here: that it is one, and whose. */
export function environmentManifestProblems(
  source: ManifestSource,
  { app, env, variables }: LoadContext,
): Diagnostic[] {
  const problems = new Problems(source.file, source.text);
  const root = readDocument(source.text, problems);
  if (root) {
    const predefined = { COPILOT_APPLICATION_NAME: app, COPILOT_ENVIRONMENT_NAME: env ?? null };
    const whole = interpolate(root, { given: variables, predefined }, problems) as MapNode;
    checkText(whole, "name", source.folder, `the folder is ${quoted(source.folder)}`, problems);
    checkText(whole, "type", "Environment", "this folder holds manifests of environments", problems);
  }
  return problems.inFileOrder();
}

function checkText(root: MapNode, key: "name" | "type", wanted: string, why: string, problems: Problems): void {
  const value = root.entries.get(key)?.value;
  const hint = `write \`${key}: ${wanted}\``;
  if (!value || value.kind === "null")
    return problems.add(root.at, "schema/missing", `\`${key}\` is missing`, [key], { hint });
  if (value.kind !== "scalar") return problems.add(value.at, "schema/type", `\`${key}\` must be text`, [key], { hint });
  if (value.text === wanted || value.interpolated === "undefined") return;
  problems.add(value.at, `environment/${key}`, `the ${key} is ${quoted(value.text)}, but ${why}`, [key], { hint });
}
