import type { Problems } from "./problems.ts";
import { nearest } from "./spelling.ts";
import { quoted } from "./words.ts";
import { isWorkloadType, type WorkloadTypeName, workloadTypes } from "./workload-types.ts";
import type { MapNode } from "./yaml/tree.ts";

/** The type whose schema the manifest is to be read with: its own, or the one that a misspelt `type` must mean.
 *  Undefined, and reported, when there is none. */
export function readType(root: MapNode, problems: Problems): WorkloadTypeName | undefined {
  const entry = root.entries.get("type");
  const hint = `use one of ${workloadTypes.join(", ")}`;
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
  if (isWorkloadType(value.text)) return value.text;
  const meant = nearest(value.text, workloadTypes) ?? abbreviations[value.text.toLowerCase()];
  problems.add(value.at, "workload/type", `${quoted(value.text)} is not a workload type`, ["type"], {
    hint: meant ? `did you mean ${quoted(meant)}? if not, ${hint}` : hint,
  });
  return meant !== undefined && isWorkloadType(meant) ? meant : undefined;
}

/** What people who know Copilot say. */
const abbreviations: Record<string, WorkloadTypeName> = {
  lbws: "Load Balanced Web Service",
  bs: "Backend Service",
  rdws: "Request-Driven Web Service",
  ws: "Worker Service",
  ss: "Static Site",
  sj: "Scheduled Job",
};
