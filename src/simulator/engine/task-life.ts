import type { Draft } from "./draft.ts";
import { eventTexts } from "./event-texts.ts";
import { countFailure, endBackOff, type Failure } from "./failures.ts";
import { noticeHealth } from "./health.ts";
import { newTaskId } from "./ids.ts";
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
    containers: containersOf(deployment.spec).map(({ name, essential }) => ({
      name,
      essential,
      attempt: 0,
      lastStatus: "PENDING",
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
export function taskDied(
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

function start(draft: Draft, known: Task): void {
  if (!known.prepared) return;
  if (known.containers.some(({ lastStatus, attempt }) => lastStatus === "PENDING" && attempt === 0)) {
    for (const container of draft.editTask(known.id).containers) {
      if (container.lastStatus !== "PENDING" || container.attempt > 0) continue;
      container.attempt = 1;
      draft.effect({ type: "start-container", task: known.id, container: container.name, attempt: 1 });
    }
    return;
  }
  if (known.containers.some(({ lastStatus }) => lastStatus === "PENDING")) return;
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
  stopContainers(draft, known.id);
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

function stopContainers(draft: Draft, id: string): void {
  const task = draft.task(id);
  if (task === undefined) return;
  // What is being made cannot be called back: its answer is waited for.
  if (!task.prepared && task.lastStatus === "PENDING") return;
  const deployment = draft.deploymentOf(task);
  const facts = deployment === undefined ? [] : containersOf(deployment.spec);
  for (const [at, container] of task.containers.entries()) {
    if (container.lastStatus === "PENDING" && container.attempt === 0) edit(at).lastStatus = "STOPPED";
    else if (container.lastStatus === "RUNNING" && !container.stopAsked) {
      edit(at).stopAsked = true;
      enterStopping();
      const timeoutSeconds = facts.find(({ name }) => name === container.name)?.stopTimeoutSeconds ?? 30;
      draft.effect({
        type: "stop-container",
        task: id,
        container: container.name,
        attempt: container.attempt,
        timeoutSeconds,
      });
    }
  }
  if (draft.task(id)?.containers.some(({ lastStatus }) => lastStatus !== "STOPPED")) return;
  const ended = draft.editTask(id);
  if (ended.startedAt !== undefined) ended.stoppingAt ??= draft.now;
  ended.lastStatus = "DEPROVISIONING";
  draft.effect({ type: "remove-task", task: id });

  function edit(at: number): Task["containers"][number] {
    return draft.editTask(id).containers[at] as Task["containers"][number];
  }

  function enterStopping(): void {
    const stopping = draft.editTask(id);
    stopping.lastStatus = "STOPPING";
    stopping.stoppingAt ??= draft.now;
  }
}
