import type { Validation } from "../../actions/validate-workspace.ts";
import { markdownCode, markdownTable, markdownText } from "./markdown.ts";
import { placeText } from "./problem.ts";
import { validationSummary } from "./validation.ts";

/** More are not read on a page; the log has them all. */
const shownProblems = 100;

/** All problems as a page. */
export function validationMarkdown(validation: Validation): string {
  const { diagnostics, failed } = validation;
  const rows = diagnostics
    .slice(0, shownProblems)
    .map((problem) => [
      markdownCode(placeText(problem)),
      problem.severity,
      [problem.message, ...(problem.hint === undefined ? [] : [problem.hint])].map(markdownText).join("<br>"),
      markdownCode(problem.code),
    ]);
  const more = diagnostics.length - rows.length;
  return [
    `### ${failed ? "❌" : "✅"} ${markdownText(validationSummary(validation))}`,
    ...(rows.length === 0 ? [] : ["", ...markdownTable(["place", "", "problem", "code"], rows)]),
    ...(more > 0 ? ["", `and ${more} more`] : []),
  ].join("\n");
}
