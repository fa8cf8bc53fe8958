import type { DeployResult, EnvironmentRef, StoppedTask } from "../../providers/provider.ts";
import { stoppedTaskLines } from "./deploy-texts.ts";
import type { DeploymentsSummary } from "./deployments-summary.ts";
import { markdownBlock, markdownCode, markdownLink, markdownTable, markdownText } from "./markdown.ts";
import { paint } from "./paint.ts";
import { durationText, shortImage } from "./words.ts";

/** How deployments ended, as a page: one row for each workload, and below it why the one that failed did. */
export function deployMarkdown(
  { results, failed, notTried }: DeploymentsSummary,
  { app, env }: EnvironmentRef,
): string {
  const rows = Object.entries(results).map(([name, result]) => row(name, result));
  const left = notTried.map((name) => [markdownText(name), "not tried", "", "", "", ""]);
  const result = failed === undefined ? undefined : results[failed];
  const failure = failed === undefined || result === undefined ? [] : why(failed, result);
  return [
    `### ${markdownText(app)} in ${markdownText(env)}`,
    "",
    ...markdownTable(["workload", "outcome", "revision", "image", "address", "time"], [...rows, ...left]),
    ...failure,
  ].join("\n");
}

const marks: Record<DeployResult["outcome"], string> = {
  completed: "✅",
  unchanged: "✅",
  detached: "⏳",
  interrupted: "⚠️",
  timeout: "⚠️",
  failed: "❌",
  superseded: "❌",
};

function row(name: string, { outcome, deploymentId, status, durationMs }: DeployResult): string[] {
  const deployments = status.deployments.toSorted(
    (a, b) => Number(b.status === "PRIMARY") - Number(a.status === "PRIMARY"),
  );
  const own = deployments.find(({ id }) => id === deploymentId) ?? deployments[0];
  const images = own?.images.map(({ name: image, id }) => imageText(image, id)) ?? [];
  return [
    markdownText(name),
    `${marks[outcome]} ${outcome}`,
    own === undefined ? "" : String(own.revision),
    [...new Set(images)].map(markdownCode).join("<br>"),
    status.urls.map(markdownLink).join("<br>"),
    durationText(durationMs),
  ];
}

/** An image by its digest where that is known: no task may have told it, but the name of what was pushed has it. */
function imageText(image: string, id = /@(sha256:\w+)$/.exec(image)?.[1]): string {
  return id === undefined ? image : `sha256:${shortImage(id)}`;
}

function why(name: string, { outcome, reason, firstFailure, hint }: DeployResult): string[] {
  return [
    "",
    `**${markdownText(name)}** ${outcome}${reason === undefined ? "" : `: ${markdownText(reason)}`}`,
    ...(firstFailure === undefined ? [] : ["", ...markdownBlock(taskLines(firstFailure))]),
    ...(hint === undefined ? [] : ["", markdownCode(hint)]),
  ];
}

function taskLines(task: StoppedTask): string[] {
  return stoppedTaskLines(task, paint(false));
}
