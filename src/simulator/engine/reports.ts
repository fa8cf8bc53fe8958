import { isWaiting, restartContainer } from "./container-life.ts";
import { resolvable } from "./dependencies.ts";
import type { Draft } from "./draft.ts";
import { taskHealth } from "./health.ts";
import type { Input } from "./inputs.ts";
import { taskArn } from "./names.ts";
import { containersOf, imagesPinned } from "./plan-facts.ts";
import type { Task, TaskContainer } from "./state.ts";
import { errorText, essentialExited, failedToStart, settleTask } from "./task-life.ts";

type Report<T extends Input["type"]> = Extract<Input, { type: T }>;

export function taskPrepared(draft: Draft, { task: id, ports, images }: Report<"task-prepared">): void {
  const known = beingPrepared(draft, id);
  if (known === undefined) return;
  const task = draft.editTask(id);
  task.prepared = true;
  task.ports = ports;
  for (const container of task.containers)
    if (Object.hasOwn(images, container.name)) container.imageId = images[container.name];
  pinImages(draft, task, images);
  const deployment = draft.deploymentOf(task);
  if (task.desiredStatus === "RUNNING" && deployment !== undefined && !resolvable(containersOf(deployment.spec))) {
    const message = `Task dependencies cannot be resolved, taskArn: ${taskArn(task.serviceId, id)}`;
    for (const container of task.containers) container.lastStatus = "STOPPED";
    failedToStart(draft, task, { name: "TaskDependencyError", message });
  } else settleTask(draft, id);
}

export function prepareFailed(draft: Draft, { task: id, container, error }: Report<"task-prepare-failed">): void {
  if (beingPrepared(draft, id) === undefined) return;
  const task = draft.editTask(id);
  task.prepared = true;
  for (const each of task.containers) {
    each.lastStatus = "STOPPED";
    if (container === undefined || each.name === container) each.reason = errorText(error);
  }
  failedToStart(draft, task, error);
}

export function containerStarted(draft: Draft, report: Report<"container-started">): void {
  const found = find(draft, report);
  if (found === undefined || found.container.lastStatus !== "PENDING") return;
  const container = edit(draft, found);
  container.lastStatus = "RUNNING";
  container.runtimeId = report.runtimeId;
  container.startedAt = report.at;
  settleTask(draft, report.task);
}

export function containerFailed(draft: Draft, report: Report<"container-failed">): void {
  const found = find(draft, report);
  if (found === undefined || found.container.lastStatus !== "PENDING") return;
  const container = edit(draft, found);
  container.lastStatus = "STOPPED";
  container.reason = errorText(report.error);
  if (!container.essential) settleTask(draft, report.task);
  else if (container.attempt > 1) essentialExited(draft, report.task);
  else failedToStart(draft, found.task, report.error);
}

/** A container that exits before its start has been reported has been running all the same. */
export function containerExited(draft: Draft, report: Report<"container-exited">): void {
  const found = find(draft, report);
  if (found === undefined) return;
  if (found.container.lastStatus === "STOPPED") return completeExit(draft, found, report);
  if (restartContainer(draft, found.task, found.at, report)) return;
  if (found.container.lastStatus === "PENDING") {
    const started = edit(draft, found);
    started.lastStatus = "RUNNING";
    started.startedAt = report.at;
    // The last container that the task waited for makes it RUNNING; the end of any other must not start what waits for it.
    if (found.container.essential && !found.task.containers.some(isWaiting)) settleTask(draft, report.task);
  }
  const container = edit(draft, found);
  container.lastStatus = "STOPPED";
  enterExit(container, report);
  if (container.essential) essentialExited(draft, report.task);
  else settleTask(draft, report.task);
}

/** Only the check that the task definition gives a container counts, while it runs. */
export function containerHealth(draft: Draft, report: Report<"container-health">): void {
  const found = find(draft, report);
  if (found === undefined || found.container.lastStatus === "STOPPED") return;
  if (found.container.health === undefined || found.container.health === report.health) return;
  edit(draft, found).health = report.health;
  const task = draft.editTask(report.task);
  task.health = taskHealth(task.containers);
  settleTask(draft, report.task);
}

/** The stop has been answered before anybody saw the container exit, or there was nothing to stop. */
export function containerStopped(draft: Draft, report: Report<"container-stopped">): void {
  const found = find(draft, report);
  if (found?.container.lastStatus !== "RUNNING" || !found.container.stopAsked) return;
  const container = edit(draft, found);
  container.lastStatus = "STOPPED";
  container.finishedAt = report.at;
  settleTask(draft, report.task);
}

const ending: ReadonlySet<Task["lastStatus"]> = new Set(["STOPPING", "DEPROVISIONING", "STOPPED"]);

/** The containers of the task that still run have to be stopped, though nothing reaches them any more. */
export function taskLost(draft: Draft, id: string): void {
  const task = draft.task(id);
  if (task === undefined || !task.prepared || ending.has(task.lastStatus)) return;
  const gone = "the container that holds the task's network is gone";
  if (task.startedAt !== undefined) essentialExited(draft, id, gone);
  else if (task.desiredStatus === "RUNNING")
    failedToStart(draft, task, { name: "ContainerNetworkingError", message: gone });
}

export function taskRemoved(draft: Draft, id: string): void {
  if (draft.task(id)?.lastStatus !== "DEPROVISIONING") return;
  const task = draft.editTask(id);
  task.lastStatus = "STOPPED";
  task.stoppedAt = draft.now;
  task.removed = true;
}

export function taskIdle(draft: Draft, id: string): void {
  const task = draft.task(id);
  if (task?.lastStatus !== "DEACTIVATING" || task.idle) return;
  draft.editTask(id).idle = true;
  settleTask(draft, id);
}

/** The first task of a deployment fixes the images that nobody had fixed before. */
function pinImages(draft: Draft, task: Task, images: Record<string, string>): void {
  const known = draft.deploymentOf(task);
  if (known === undefined || imagesPinned(known.spec)) return;
  const deployment = draft.editDeployment(task.serviceId, known.id);
  deployment.spec = { ...known.spec, images: { ...images, ...known.spec.images } };
}

function beingPrepared(draft: Draft, id: string): Task | undefined {
  const task = draft.task(id);
  return task?.lastStatus === "PENDING" && !task.prepared ? task : undefined;
}

interface Found {
  task: Task;
  at: number;
  container: TaskContainer;
}

/** The container that a report is about, when it is about the present attempt. */
function find(draft: Draft, report: { task: string; container: string; attempt: number }): Found | undefined {
  const task = draft.task(report.task);
  if (task === undefined) return undefined;
  const at = task.containers.findIndex(
    ({ name, attempt }) => name === report.container && attempt === report.attempt && attempt > 0,
  );
  const container = task.containers[at];
  return container === undefined ? undefined : { task, at, container };
}

function edit(draft: Draft, { task, at }: Found): TaskContainer {
  return draft.editTask(task.id).containers[at] as TaskContainer;
}

function enterExit(container: TaskContainer, report: Report<"container-exited">): void {
  container.finishedAt = report.at;
  container.exitCode = report.exitCode;
  if (report.outOfMemory) container.reason = "OutOfMemoryError: Container killed due to memory usage";
}

/** The exit of a container whose stop has been answered already. */
function completeExit(draft: Draft, found: Found, report: Report<"container-exited">): void {
  if (found.container.stopAsked && found.container.exitCode === undefined) enterExit(edit(draft, found), report);
}
