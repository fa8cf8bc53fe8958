import type { Problems } from "./problems.ts";
import { nearest } from "./spelling.ts";
import { quoted } from "./words.ts";
import {
  type SupportedWorkloadType,
  isSupportedWorkloadType,
  supportedWorkloadTypes,
  workloadTypes,
} from "./workload-types.ts";
import type { MapNode } from "./yaml/tree.ts";

/** The type whose schema the manifest is to be read with: its own, or the one that a misspelt `type` must mean.
 *  Undefined, and reported, when there is none. */
export function readType(root: MapNode, problems: Problems): SupportedWorkloadType | undefined {
  const entry = root.entries.get("type");
  const hint = `use one of ${supportedWorkloadTypes.join(", ")}`;
  if (!entry || entry.value.kind === "null") {
    problems.add(entry?.keyAt ?? root.at, "schema/missing", "`type` is missing", ["type"], { hint });
    return undefined;
  }
  const { value } = entry;
  if (value.kind !== "scalar") {
    problems.add(value.at, "schema/type", "`type` must be text", ["type"], { hint });
    return undefined;
  }
  if (value.interpolated === "undefined") return undefined;
  if (isSupportedWorkloadType(value.text)) return value.text;
  if ((workloadTypes as readonly string[]).includes(value.text)) {
    const message = `the type ${quoted(value.text)} is not supported by this version`;
    problems.add(value.at, "workload/type", message, ["type"], { hint });
    return undefined;
  }
  const meant = nearest(value.text, workloadTypes) ?? abbreviations[value.text.toLowerCase()];
  problems.add(value.at, "workload/type", `${quoted(value.text)} is not a workload type`, ["type"], {
    hint: meant ? `did you mean ${quoted(meant)}? if not, ${hint}` : hint,
  });
  return meant && isSupportedWorkloadType(meant) ? meant : undefined;
}

/** What people who know Copilot say. */
const abbreviations: Record<string, (typeof workloadTypes)[number]> = {
  lbws: "Load Balanced Web Service",
  bs: "Backend Service",
  rdws: "Request-Driven Web Service",
};
