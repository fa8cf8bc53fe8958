import type { Validation } from "../../actions/validate-workspace.ts";
import { clean } from "./clean.ts";
import { renderDiagnostics } from "./diagnostics.ts";
import type { Paint } from "./paint.ts";
import { placeText } from "./problem.ts";
import { count } from "./words.ts";

/** All problems, what is left out, and how many there are. */
export function renderValidation({ diagnostics, leftOut, files }: Validation, paint: Paint): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.length - errors;
  const sum = [...(errors > 0 ? [count(errors, "error")] : []), ...(warnings > 0 ? [count(warnings, "warning")] : [])];
  const summary = `${count(files, "manifest")}: ${sum.join(", ") || "no problems"}`;
  const painted = errors > 0 ? paint.red(summary) : warnings > 0 ? paint.yellow(summary) : paint.green(summary);
  const notes = leftOut.map(({ message, place }) => clean(`${placeText(place)}  note: ${message}`));
  return [...(diagnostics.length === 0 ? [] : [renderDiagnostics(diagnostics, paint)]), ...notes, painted].join("\n");
}
