import type { UserError } from "../../errors.ts";
import type { Context } from "../context.ts";
import { renderError } from "../render/error.ts";
import { markdownBlock, markdownText } from "../render/markdown.ts";
import { paint } from "../render/paint.ts";
import { annotate, annotateDiagnostics } from "./annotate.ts";
import { appendSummary } from "./step-summary.ts";

/** Under GitHub Actions: what the user can mend, as annotations and on the step's page. */
export async function reportFailure(error: UserError, context: Context): Promise<void> {
  const { code, message, hint, place, details, diagnostics } = error;
  // Whoever ended it knows.
  if (code === "interrupted") return;
  annotateDiagnostics(diagnostics, context);
  const isSaid = diagnostics.some(({ severity }) => severity === "error");
  if (!isSaid)
    annotate(
      [{ severity: "error", code, message, details, ...(hint !== undefined && { hint }), ...(place && { place }) }],
      context,
    );
  await appendSummary(context, () =>
    [
      `### ❌ ${markdownText(commandName(context))}`,
      "",
      ...markdownBlock(renderError(error, paint(false)).split("\n")),
    ].join("\n"),
  );
}

/** `pilotfish svc deploy`; what stands behind it may be nobody's to see. */
function commandName({ commandLine }: Context): string {
  const words = commandLine.slice(0, 2);
  const end = words.findIndex((word) => !/^[a-z]+$/.test(word));
  return ["pilotfish", ...(end < 0 ? words : words.slice(0, end))].join(" ");
}
