import type { UserError } from "../../errors.ts";
import { clean, cleanLines } from "./clean.ts";
import { renderDiagnostics } from "./diagnostics.ts";
import type { Paint } from "./paint.ts";
import { renderProblem } from "./problem.ts";

/** An error that the user can mend; its diagnostics first, because the sentence sums them up. */
export function renderError(error: UserError, paint: Paint): string {
  const { code, message, hint, place, details, diagnostics } = error;
  if (code === "interrupted") {
    const goOn = hint === undefined ? "" : `\n  go on: ${clean(hint)}`;
    return `${paint.yellow(clean(message))}${goOn}`;
  }
  const problem = renderProblem({ severity: "error", code, message, hint, place, details }, paint);
  return diagnostics.length === 0 ? problem : `${renderDiagnostics(diagnostics, paint)}\n${problem}`;
}

/** Anything else is our fault. */
export function renderUnexpected(error: unknown, debug: boolean, paint: Paint): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const hint = debug
    ? "please report it with the lines below"
    : "run the same command with --debug and report what it prints";
  const text = renderProblem({ severity: "error", message: `this is a bug in pilotfish: ${message}`, hint }, paint);
  return debug && error instanceof Error ? `${text}\n${stackOf(error)}` : text;
}

function stackOf(error: Error): string {
  const lines = cleanLines(error.stack ?? "").map((line) => `  ${line}`);
  return [...lines, ...(error.cause instanceof Error ? ["  caused by:", stackOf(error.cause)] : [])].join("\n");
}
