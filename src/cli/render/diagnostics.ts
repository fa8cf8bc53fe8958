import type { Diagnostic } from "../../errors.ts";
import type { Paint } from "./paint.ts";
import { renderProblem } from "./problem.ts";

/** Problems in files, each at its place. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], paint: Paint): string {
  return diagnostics
    .map(({ file, line, column, ...problem }) => renderProblem({ ...problem, place: { file, line, column } }, paint))
    .join("\n");
}
