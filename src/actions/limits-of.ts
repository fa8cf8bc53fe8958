import { beyondLimits } from "../cloudformation/limits.ts";
import type { Diagnostic } from "../errors.ts";
import type { LoadedManifest } from "../manifest/load.ts";
import { diagnosticAt } from "./diagnostic-at.ts";
import type { PackagedStack } from "./packaged-stack.ts";

/** Warnings of a stack that CloudFormation would not take. */
export function limitsOf(
  { template, text }: Pick<PackagedStack, "template" | "text">,
  loaded: Pick<LoadedManifest, "place">,
): Diagnostic[] {
  return beyondLimits(template, text).map((problem) =>
    diagnosticAt(loaded, [], { severity: "warning", code: "stack/limits", ...problem }),
  );
}
