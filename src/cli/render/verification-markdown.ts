import type { Verification } from "../../actions/verify-workload.ts";
import { markdownCode, markdownTable, markdownText } from "./markdown.ts";
import { verificationSummary } from "./verification.ts";

/** What was looked at, as a page: what failed and what was left out, each with what to do. */
export function verificationMarkdown(verification: Verification): string {
  const { app, env, name, groups, passed } = verification;
  const told = groups.flatMap((group) =>
    group.checks
      .filter(({ status }) => status !== "ok")
      .map(({ status, subject, message = "", hint }) => [
        markdownText(group.name),
        status === "fail" ? "❌" : "skipped",
        markdownCode(subject),
        [markdownText(message), ...(hint === undefined ? [] : [markdownCode(hint)])].filter(Boolean).join("<br>"),
      ]),
  );
  return [
    `### ${passed ? "✅" : "❌"} ${markdownText(`${name} of ${app} in ${env}: ${verificationSummary(verification)}`)}`,
    ...(told.length === 0 ? [] : ["", ...markdownTable(["of", "", "what", "why"], told)]),
  ].join("\n");
}
