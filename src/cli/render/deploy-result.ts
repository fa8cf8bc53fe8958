import type { DeployResult, WorkloadRef } from "../../providers/provider.ts";
import { shellLine } from "../command-line.ts";
import { clean } from "./clean.ts";
import type { Paint } from "./paint.ts";
import { renderProblem } from "./problem.ts";
import { durationText } from "./words.ts";

/** How a deploy ended: what serves now, where, and how to go on. */
export function renderDeployResult(result: DeployResult, workload: PlacedWorkload, paint: Paint): string[] {
  const { outcome, deploymentId, durationMs } = result;
  const { name } = workload;
  switch (outcome) {
    case "completed":
      return [
        paint.green(`${name} is deployed in ${durationText(durationMs)}: ${servingText(result)}`),
        ...urlLines(result, paint),
        ...hotswapLine(result, workload),
        `  logs: ${command("logs", workload, "--follow")}`,
      ];
    case "unchanged":
      return [
        paint.green(`nothing has changed: ${servingText(result)}`),
        ...urlLines(result, paint),
        `  deploy all the same: ${command("deploy", workload, "--force")}`,
      ];
    case "detached":
      return [
        `${named(deploymentId)} has begun and goes on`,
        ...urlLines(result, paint),
        `  look after it: ${command("status", workload)}`,
      ];
    case "interrupted":
      return deploymentId === undefined && result.reason === undefined
        ? ["interrupted before a deployment had begun", `  go on: ${command("deploy", workload)}`]
        : [goesOnText(deploymentId, workload)];
    case "timeout":
      return problem(
        "deploy/timeout",
        `the deployment of ${name} is not done after ${durationText(durationMs)}; it goes on`,
        {
          details: [servingText(result)],
          hint: command("status", workload),
        },
      );
    case "superseded":
      return problem(
        "deploy/superseded",
        `another deployment took the place of this one of ${name}${reasonText(result)}`,
        {
          details: afterwards(result),
          hint: result.hint ?? command("status", workload),
        },
      );
    case "failed":
      return problem("deploy/failed", `the deployment of ${name} failed${reasonText(result)}`, {
        details: afterwards(result),
        hint: result.hint ?? command("logs", workload, "--previous"),
      });
  }

  function problem(code: string, message: string, more: { details: string[]; hint: string }): string[] {
    return [renderProblem({ severity: "error", code, message, ...more }, paint)];
  }
}

export function goesOnText(deploymentId: string | undefined, workload: PlacedWorkload): string {
  return `${named(deploymentId)} goes on without you; look after it: ${command("status", workload)}`;
}

/** That of a stack has no id before ECS hears of it. */
function named(deploymentId: string | undefined): string {
  return deploymentId === undefined ? "the deployment" : `deployment ${deploymentId}`;
}

function reasonText({ reason }: DeployResult): string {
  return reason === undefined ? "" : `: ${reason}`;
}

/** What is left after a failure. */
function afterwards(result: DeployResult): string[] {
  const { rolledBackTo, status } = result;
  if (rolledBackTo !== undefined)
    return [`rolled back: ${servingText(result)}`, ...status.urls.map((url) => `  ${url}`)];
  if (status.runningCount === 0) return ["nothing runs now; the next deploy needs no clean-up"];
  return [servingText(result), ...status.urls.map((url) => `  ${url}`)];
}

/** `revision 2 serves, 1 of 1 task running`. */
function servingText({ status }: DeployResult): string {
  const serving = status.deployments.filter(({ runningCount }) => runningCount > 0).map(({ revision }) => revision);
  const revisions = [...new Set(serving)].toSorted((a, b) => a - b).join(" and ");
  const tasks = `${status.runningCount} of ${status.desiredCount} ${status.desiredCount === 1 ? "task" : "tasks"} running`;
  return revisions === "" ? tasks : `revision ${revisions} serves, ${tasks}`;
}

function hotswapLine({ hotswap, status }: DeployResult, workload: PlacedWorkload): string[] {
  if (hotswap === undefined || status.drift === undefined) return [];
  const { stack, stackRevision } = hotswap;
  return [
    `  the stack ${stack} still has revision ${stackRevision}; bring it up to date: ${command("deploy", workload)}`,
  ];
}

function urlLines({ status }: DeployResult, paint: Paint): string[] {
  return status.urls.map((url) => `  ${paint.cyan(clean(url))}`);
}

/** A workload, and which back end it is on. */
export interface PlacedWorkload extends WorkloadRef {
  on: "local" | "aws";
}

function command(verb: string, { env, name, on }: PlacedWorkload, ...more: string[]): string {
  const simulated = env === "local" || on === "aws" ? [] : ["--local"];
  return shellLine(["svc", verb, "-n", name, "-e", env, ...simulated, ...more]);
}
