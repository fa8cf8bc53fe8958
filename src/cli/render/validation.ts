import type { Validation } from "../../actions/validate-workspace.ts";
import { clean } from "./clean.ts";
import { renderDiagnostics } from "./diagnostics.ts";
import type { Paint } from "./paint.ts";
import { placeText } from "./problem.ts";
import { count } from "./words.ts";

/** All problems, what is left out, and how many there are. */
export function renderValidation(validation: Validation, paint: Paint): string {
  const { diagnostics, leftOut } = validation;
  const { errors, warnings } = numbers(validation);
  const summary = validationSummary(validation);
  const painted = errors > 0 ? paint.red(summary) : warnings > 0 ? paint.yellow(summary) : paint.green(summary);
  const notes = leftOut.map(({ message, place }) => clean(`${placeText(place)}  note: ${message}`));
  return [...(diagnostics.length === 0 ? [] : [renderDiagnostics(diagnostics, paint)]), ...notes, painted].join("\n");
}

/** `3 manifests: 1 error, 2 warnings`. */
export function validationSummary(validation: Validation): string {
  const { errors, warnings } = numbers(validation);
  const sum = [...(errors > 0 ? [count(errors, "error")] : []), ...(warnings > 0 ? [count(warnings, "warning")] : [])];
  return `${count(validation.files, "manifest")}: ${sum.join(", ") || "no problems"}`;
}

function numbers({ diagnostics }: Validation): { errors: number; warnings: number } {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  return { errors, warnings: diagnostics.length - errors };
}
