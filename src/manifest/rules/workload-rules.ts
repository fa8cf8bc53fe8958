import type { Path, Problems } from "../problems.ts";
import { type PlacedMap, isBroken, placeOf, valueOf } from "../read/placed.ts";
import { fargateSize } from "./fargate-size.ts";
import { healthCheckTiming } from "./health-check-timing.ts";
import { httpNeedsPort } from "./http-needs-port.ts";
import { httpOrNlb } from "./http-or-nlb.ts";
import { imageSource } from "./image-source.ts";
import type { ReadManifest, Rule, RuleContext } from "./rule.ts";
import { reservedVariables, variableNames } from "./variable-names.ts";
import { workloadName } from "./workload-name.ts";

export const workloadRules: readonly Rule[] = [
  workloadName,
  imageSource,
  httpOrNlb,
  httpNeedsPort,
  healthCheckTiming,
  fargateSize,
  variableNames,
  reservedVariables,
];

/** Asks the rules about a manifest, each one whose fields could be read. */
export function applyRules(rules: readonly Rule[], placed: PlacedMap, context: RuleContext, problems: Problems): void {
  const manifest = valueOf(placed) as ReadManifest;
  for (const { code, reads, check } of rules) {
    if (reads.some((field) => isBroken(placed, steps(field)))) continue;
    const report = (field: string | Path, message: string, details = {}) =>
      problems.add(placeOf(placed, steps(field)), code, message, steps(field), details);
    check(manifest, report, context);
  }
}

function steps(field: string | Path): Path {
  return typeof field === "string" ? field.split(".") : field;
}
