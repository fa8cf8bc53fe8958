import type { TaskStatus, WorkloadStatus } from "../../providers/provider.ts";
import { clean } from "./clean.ts";
import { shownDeployments } from "./deploy-texts.ts";
import { driftText } from "./hotswap-text.ts";
import type { Paint } from "./paint.ts";
import { renderTable } from "./table.ts";
import { ageText, count, shortImage, shortTask } from "./words.ts";

const shownEvents = 5;
const shownStoppedTasks = 5;

/** A service with its addresses, deployments, tasks and last events. */
export function renderWorkloadStatus(status: WorkloadStatus, now: number, paint: Paint): string[] {
  const { name, app, env, desiredCount, runningCount, pendingCount, urls, notes = [] } = status;
  const age = (at: string): string => `${ageText(now - Date.parse(at))} ago`;
  const counts = `${count(desiredCount, "task")} desired, ${runningCount} running, ${pendingCount} pending`;
  // Sites, jobs and services of App Runner have no tasks that stay.
  const isOfEcs = status.deployments.length > 0 || desiredCount > 0;
  const state = [status.status, ...(isOfEcs ? [counts] : []), ...(status.state === undefined ? [] : [status.state])];
  return [
    `${paint.bold(clean(name))} of ${clean(app)} in ${clean(env)}: ${state.join(", ")}`,
    ...urls.map((url) => `  ${paint.cyan(clean(url))}`),
    ...notes.map((note) => `  ${clean(note)}`),
    ...(status.drift === undefined ? [] : [`  ${driftText(status.drift)}`]),
    ...section("Deployments", deploymentRows(status, age)),
    ...section("Tasks", taskRows(status.tasks, age)),
    ...section("Containers", containerRows(status.tasks)),
    ...section("Stopped tasks", stoppedRows(status.stoppedTasks.slice(0, shownStoppedTasks), age)),
    ...section(
      "Events",
      status.events.slice(0, shownEvents).map(({ at, message }) => [age(at), message]),
    ),
  ];

  function section(title: string, rows: string[][]): string[] {
    if (rows.length === 0) return [];
    const table = renderTable(rows.map((row) => row.map(clean)));
    return ["", paint.bold(title), ...table.map((line) => `  ${line}`)];
  }
}

type Age = (at: string) => string;

function deploymentRows({ deployments }: WorkloadStatus, age: Age): string[][] {
  const shown = shownDeployments(deployments);
  if (shown.length === 0) return [];
  const rows = shown.map((deployment) => [
    String(deployment.revision),
    deployment.status,
    deployment.rolloutState,
    String(deployment.desiredCount),
    String(deployment.runningCount),
    String(deployment.healthyCount),
    String(deployment.failedTasks),
    deployment.images.map(({ name, id }) => (id === undefined ? name : `${name} (${shortImage(id)})`)).join(", "),
    age(deployment.createdAt),
  ]);
  return [["REVISION", "STATUS", "ROLLOUT", "DESIRED", "RUNNING", "HEALTHY", "FAILED", "IMAGE", "CREATED"], ...rows];
}

function taskRows(tasks: readonly TaskStatus[], age: Age): string[][] {
  if (tasks.length === 0) return [];
  const rows = tasks.map((task) => [
    shortTask(task.id),
    String(task.revision),
    task.lastStatus === task.desiredStatus ? task.lastStatus : `${task.lastStatus} → ${task.desiredStatus}`,
    task.health,
    task.targets.map(({ state, reason }) => (reason ? `${state} (${reason})` : state)).join(", ") || "-",
    task.startedAt === undefined ? "-" : age(task.startedAt),
  ]);
  return [["TASK", "REVISION", "STATUS", "HEALTH", "TARGET", "STARTED"], ...rows];
}

/** Of tasks whose own line does not say it all: with several containers, a health check or a restart. */
function containerRows(tasks: readonly TaskStatus[]): string[][] {
  const rows = tasks
    .filter(hasMore)
    .flatMap(({ id, containers }) =>
      containers.map(({ name, lastStatus, health, essential, restarts = 0, exitCode, reason }) => [
        shortTask(id),
        name,
        exitCode === undefined ? lastStatus : `${lastStatus} (exit code ${exitCode})`,
        health ?? "-",
        essential === undefined ? "-" : essential ? "yes" : "no",
        String(restarts),
        reason ?? "",
      ]),
    );
  return rows.length === 0 ? [] : [["TASK", "CONTAINER", "STATUS", "HEALTH", "ESSENTIAL", "RESTARTS", ""], ...rows];
}

function hasMore({ containers }: TaskStatus): boolean {
  return containers.length > 1 || containers.some(({ health, restarts = 0 }) => health !== undefined || restarts > 0);
}

function stoppedRows(tasks: readonly TaskStatus[], age: Age): string[][] {
  return tasks.map((task) => [
    shortTask(task.id),
    `revision ${task.revision}`,
    task.stoppedAt === undefined ? "-" : age(task.stoppedAt),
    task.stopCode ?? "-",
    [task.stoppedReason ?? "", ...task.containers.flatMap((each) => endOf(each, task.stoppedReason))]
      .filter(Boolean)
      .join("; "),
  ]);
}

/** What the task's own reason does not say already. */
function endOf({ name, exitCode, reason }: TaskStatus["containers"][number], said: string | undefined): string[] {
  if (exitCode === undefined) return reason === undefined || reason === said ? [] : [`${name}: ${reason}`];
  return [`${name} exited with code ${exitCode}${reason === undefined ? "" : ` (${reason})`}`];
}
