import type { DeployResult, EnvironmentRef } from "../../providers/provider.ts";
import type { Context } from "../context.ts";
import { deployMarkdown } from "../render/deploy-markdown.ts";
import type { DeploymentsSummary } from "../render/deployments-summary.ts";
import { annotate } from "./annotate.ts";
import { appendSummary } from "./step-summary.ts";

/** Under GitHub Actions: what became of deployments, as annotations and on the step's page. */
export async function reportDeployments(
  summary: DeploymentsSummary,
  where: EnvironmentRef,
  context: Context,
): Promise<void> {
  const result = summary.failed === undefined ? undefined : summary.results[summary.failed];
  if (summary.failed !== undefined && result !== undefined && fails.has(result.outcome)) {
    const { outcome, reason, firstFailure, hint } = result;
    annotate(
      [
        {
          severity: "error",
          code: `deploy/${outcome}`,
          message: `the deployment of ${summary.failed} in ${where.env} ${words[outcome]}${reason === undefined ? "" : `: ${reason}`}`,
          details: firstFailure === undefined ? [] : [`task stopped: ${firstFailure.reason}`],
          ...(hint !== undefined && { hint }),
        },
      ],
      context,
    );
  }
  await appendSummary(context, () => deployMarkdown(summary, where));
}

const words: Partial<Record<DeployResult["outcome"], string>> = {
  failed: "failed",
  superseded: "was superseded",
  timeout: "is not done yet",
};

const fails = new Set(Object.keys(words));
