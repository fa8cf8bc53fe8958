import type { DeploymentStatus, StoppedTask } from "../../providers/provider.ts";
import { clean } from "./clean.ts";
import type { Paint } from "./paint.ts";
import { shortTask } from "./words.ts";

/** A task that has stopped: why, what it said last, and what to do about it. */
export function stoppedTaskLines(task: StoppedTask, paint: Paint): string[] {
  const { id, stopCode, reason, containers, failedContainer, lastLogs, hint } = task;
  const ends = containers.flatMap((container) => {
    const parts = [
      ...(container.exitCode === undefined ? [] : [`exit code ${container.exitCode}`]),
      ...(container.reason === undefined || container.reason === reason ? [] : [container.reason]),
    ];
    return parts.length === 0 ? [] : [`  container ${container.name}: ${parts.join(", ")}`];
  });
  const logs = lastLogs.length === 0 ? [] : [`  last log lines of ${failedContainer ?? "the task"}:`];
  return [
    paint.red(clean(`task ${shortTask(id)} stopped: ${stopCode}: ${reason}`)),
    ...ends.map(clean),
    ...logs,
    ...lastLogs.map((line) => `  ${paint.dim("|")} ${clean(line)}`),
    ...(hint === undefined ? [] : [`  ${paint.cyan(clean(hint))}`]),
  ];
}

/** `1 desired · 0 running · 1 pending · 0 healthy · 0 failed`. */
export function countsText(deployment: DeploymentStatus): string {
  const { desiredCount, runningCount, pendingCount, healthyCount, failedTasks } = deployment;
  const counts = { desired: desiredCount, running: runningCount, pending: pendingCount, healthy: healthyCount };
  return Object.entries({ ...counts, failed: failedTasks })
    .map(([name, number]) => `${number} ${name}`)
    .join(" · ");
}

/** Deployments that still have or want tasks, the one that is followed first. */
export function shownDeployments(deployments: readonly DeploymentStatus[], followed?: string): DeploymentStatus[] {
  const shown = deployments.filter(
    ({ id, status, runningCount, pendingCount }) =>
      id === followed || status !== "INACTIVE" || runningCount + pendingCount > 0,
  );
  return shown.toSorted((a, b) => Number(b.id === followed) - Number(a.id === followed));
}
