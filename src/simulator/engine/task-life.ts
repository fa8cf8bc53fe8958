import { startContainers, stopContainers } from "./container-life.ts";
import type { Draft } from "./draft.ts";
import { eventTexts } from "./event-texts.ts";
import { countFailure, endBackOff, type Failure } from "./failures.ts";
import { noticeHealth } from "./health.ts";
import { newTaskId } from "./ids.ts";
import type { ContainerError } from "./inputs.ts";
import { containersOf, deregistrationDelay } from "./plan-facts.ts";
import type { Deployment, Task, TaskStopCode } from "./state.ts";
import { deregisterTargets, registerTargets } from "./targets.ts";
import { scaled } from "./times.ts";

export function startTask(draft: Draft, serviceId: string, deployment: Deployment): string {
  const id = newTaskId(draft.random);
  draft.addTask({
    id,
    serviceId,
    deploymentId: deployment.id,
    revision: deployment.revision,
    lastStatus: "PROVISIONING",
    desiredStatus: "RUNNING",
    health: "UNKNOWN",
    createdAt: draft.now,
    enableExecuteCommand: deployment.spec.plan.service.enableExecuteCommand ?? false,
    containers: containersOf(deployment.spec).map(({ name, essential, checked }) => ({
      name,
      essential,
      attempt: 0,
      lastStatus: "PENDING",
      ...(checked ? { health: "UNKNOWN" } : {}),
    })),
    ports: {},
    targets: [],
  });
  settleTask(draft, id);
  return id;
}

/** Asks a task to end in good order: its targets drain first, then it is told to stop. */
export function stopTask(draft: Draft, id: string, stopCode: TaskStopCode, reason: string): void {
  if (draft.task(id)?.desiredStatus !== "RUNNING") return;
  const task = draft.editTask(id);
  task.desiredStatus = "STOPPED";
  task.stopCode = stopCode;
  task.stoppedReason = reason;
  settleTask(draft, id);
}

/** A task that ends by itself. What it had registered is gone at once: there is nothing left to drain. */
function taskDied(
  draft: Draft,
  id: string,
  stopCode: TaskStopCode,
  reason: string,
  failure: Failure | undefined,
): void {
  const known = draft.task(id);
  if (known === undefined) return;
  const task = draft.editTask(id);
  deregisterTargets(draft, task, "unused");
  if (task.desiredStatus === "RUNNING") {
    task.desiredStatus = "STOPPED";
    task.stopCode = stopCode;
    task.stoppedReason = reason;
    if (failure !== undefined) countFailure(draft, task, failure);
  }
  settleTask(draft, id);
}

/** A task that cannot get to RUNNING, in Fargate's way: the error itself is the reason. */
export function failedToStart(draft: Draft, task: Task, error: ContainerError): void {
  const service = draft.service(task.serviceId);
  if (service !== undefined && task.desiredStatus === "RUNNING")
    draft.tell(service.id, eventTexts.unableToPlace(service.name, errorText(error)));
  taskDied(draft, task.id, "TaskFailedToStart", errorText(error), "failed-to-start");
}

/** A task whose essential container has ended by itself, also when others of it were still waiting for their start. */
export function essentialExited(draft: Draft, id: string, why?: string): void {
  const reason = ["Essential container in task exited", why].filter((part) => part !== undefined).join(": ");
  const failure = draft.task(id)?.startedAt === undefined ? "failed-to-start" : "exited";
  taskDied(draft, id, "EssentialContainerExited", reason, failure);
}

export function errorText({ name, message }: ContainerError): string {
  return `${name}: ${message}`;
}

/** Moves a task on as far as it can go by itself at this instant. */
export function settleTask(draft: Draft, id: string): void {
  const task = draft.task(id);
  if (task === undefined || task.lastStatus === "STOPPED") return;
  if (task.desiredStatus === "RUNNING") {
    if (task.lastStatus === "PROVISIONING") prepare(draft, task);
    if (task.lastStatus === "PENDING") start(draft, task);
    const running = draft.task(id);
    if (running !== undefined) noticeHealth(draft, running);
  } else end(draft, task);
}

function prepare(draft: Draft, known: Task): void {
  const task = draft.editTask(known.id);
  task.lastStatus = "PENDING";
  draft.effect({ type: "prepare-task", task: task.id });
}

/** A task is RUNNING when each of its containers is or has stopped: one that waits for another keeps it PENDING. */
function start(draft: Draft, known: Task): void {
  if (!known.prepared) return;
  const error = startContainers(draft, known);
  if (error !== undefined) return failedToStart(draft, known, error);
  const { containers } = draft.task(known.id) ?? known;
  if (containers.some(({ lastStatus }) => lastStatus === "PENDING")) return;
  const task = draft.editTask(known.id);
  registerTargets(draft, task);
  task.lastStatus = "RUNNING";
  task.startedAt = draft.now;
  endBackOff(draft, task);
}

function end(draft: Draft, known: Task): void {
  if (known.lastStatus === "DEPROVISIONING") return;
  if (known.lastStatus === "DEACTIVATING") {
    if (!drained(known, draft.now) && known.targets.some(({ state }) => state === "draining")) return;
    deregisterTargets(draft, draft.editTask(known.id), "unused");
  } else if (known.lastStatus === "RUNNING" && known.targets.some(({ state }) => state !== "unused")) {
    if (!drain(draft, draft.editTask(known.id))) return;
  }
  // What is being made cannot be called back: its answer is waited for.
  if (!known.prepared && known.lastStatus === "PENDING") return;
  stopContainers(draft, known.id);
  if (draft.task(known.id)?.containers.some(({ lastStatus }) => lastStatus !== "STOPPED")) return;
  const ended = draft.editTask(known.id);
  if (ended.startedAt !== undefined) ended.stoppingAt ??= draft.now;
  ended.lastStatus = "DEPROVISIONING";
  draft.effect({ type: "remove-task", task: known.id });
}

/** @returns whether there is nothing to wait for */
function drain(draft: Draft, task: Task): boolean {
  const deployment = draft.deploymentOf(task);
  const delay = deployment === undefined ? 0 : deregistrationDelay(deployment, task);
  const name = draft.service(task.serviceId)?.name ?? "";
  deregisterTargets(draft, task, "draining");
  draft.note(task.serviceId, `draining ${task.deploymentId}`, (count) =>
    eventTexts.draining(name, task.deploymentId, count),
  );
  task.lastStatus = "DEACTIVATING";
  task.drainUntil = draft.now + scaled(delay, draft.speed);
  task.drainLimit = draft.now + Math.max(delay, scaled(delay, draft.speed));
  if (!drained(task, draft.now)) return false;
  deregisterTargets(draft, task, "unused");
  return true;
}

function drained(task: Task, now: number): boolean {
  return now >= (task.idle ? (task.drainUntil ?? 0) : (task.drainLimit ?? 0));
}
