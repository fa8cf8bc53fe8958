import { mayStop, type Readiness, readiness } from "./dependencies.ts";
import type { Draft } from "./draft.ts";
import { taskHealth } from "./health.ts";
import type { ContainerError } from "./inputs.ts";
import { type ContainerFacts, containersOf } from "./plan-facts.ts";
import type { SimulatorState, Task, TaskContainer } from "./state.ts";

/** A container that never got a signal shows the code of one, as ECS's agent has it. */
const NEVER_STARTED = 143;

/** Gives up those containers whose dependencies never will hold, and tells those to start whose dependencies hold.
 *  @returns why the task cannot go on, when an essential one is given up; then nothing is started */
export function startContainers(draft: Draft, task: Task): ContainerError | undefined {
  const all = factsOf(draft, task);
  const waiting = (): [number, Readiness][] => {
    const { containers } = draft.task(task.id) ?? task;
    return all.flatMap((facts, at) =>
      isWaiting(containers[at]) ? [[at, readiness(facts, all, containers, draft.now)]] : [],
    );
  };
  let left = waiting();
  for (; left.some(([, { is }]) => is === "impossible"); left = waiting())
    for (const [at, ready] of left) {
      if (ready.is !== "impossible") continue;
      const error = { name: "CannotStartContainerError", message: ready.why };
      giveUp(edit(draft, task.id, at), error);
      if (all[at]?.essential) return error;
    }
  for (const [at, { is }] of left) if (is === "ready") begin(draft, task.id, at);
  return undefined;
}

/** Tells those containers to stop on which no other depends any more; the rest follows when these have stopped. */
export function stopContainers(draft: Draft, id: string): void {
  const task = draft.task(id);
  if (task === undefined) return;
  const all = factsOf(draft, task);
  for (const [at, container] of task.containers.entries())
    if (isWaiting(container)) edit(draft, id, at).lastStatus = "STOPPED";
  const { containers } = draft.task(id) ?? task;
  for (const [at, { name, attempt, lastStatus, stopAsked }] of containers.entries()) {
    if (lastStatus !== "RUNNING" || stopAsked || !mayStop(name, all, containers)) continue;
    edit(draft, id, at).stopAsked = true;
    const stopping = draft.editTask(id);
    stopping.lastStatus = "STOPPING";
    stopping.stoppingAt ??= draft.now;
    const timeoutSeconds = all[at]?.stopTimeoutSeconds ?? 30;
    draft.effect({ type: "stop-container", task: id, container: name, attempt, timeoutSeconds });
  }
}

/** Starts a container again that has just exited, when its restart policy says so.
 *  @returns whether it does */
export function restartContainer(
  draft: Draft,
  task: Task,
  at: number,
  exit: { exitCode: number; at: number },
): boolean {
  const container = task.containers[at];
  const policy = factsOf(draft, task)[at]?.restart;
  if (policy === undefined || container?.lastStatus !== "RUNNING" || task.desiredStatus !== "RUNNING") return false;
  if (policy.ignoredExitCodes.includes(exit.exitCode) || exit.at - (container.startedAt ?? exit.at) < policy.after)
    return false;
  const edited = edit(draft, task.id, at);
  edited.lastStatus = "PENDING";
  delete edited.runtimeId;
  if (edited.health !== undefined) edited.health = "UNKNOWN";
  const known = draft.editTask(task.id);
  known.health = taskHealth(known.containers);
  begin(draft, task.id, at);
  return true;
}

/** When the next container of a task that is being made has waited too long; Infinity for none. */
export function waitingUntil(task: Task, state: SimulatorState): number {
  const deployment = state.services[task.serviceId]?.deployments.find(({ id }) => id === task.deploymentId);
  const all = deployment === undefined ? [] : containersOf(deployment.spec);
  const limits = task.containers.map((container, at) => {
    const facts = all[at];
    if (facts === undefined || !isWaiting(container)) return Infinity;
    const ready = readiness(facts, all, task.containers, -Infinity);
    return ready.is === "waiting" ? ready.until : Infinity;
  });
  return Math.min(Infinity, ...limits);
}

/** It has not been told to start. */
export function isWaiting(container: TaskContainer | undefined): boolean {
  return container?.lastStatus === "PENDING" && container.attempt === 0;
}

function begin(draft: Draft, id: string, at: number): void {
  const container = edit(draft, id, at);
  container.attempt += 1;
  draft.effect({ type: "start-container", task: id, container: container.name, attempt: container.attempt });
}

function giveUp(container: TaskContainer, error: ContainerError): void {
  container.lastStatus = "STOPPED";
  container.exitCode = NEVER_STARTED;
  container.reason = `${error.name}: ${error.message}`;
}

/** One for each container of the task, in the same order. */
function factsOf(draft: Draft, task: Task): readonly ContainerFacts[] {
  const deployment = draft.deploymentOf(task);
  return deployment === undefined ? [] : containersOf(deployment.spec);
}

function edit(draft: Draft, id: string, at: number): TaskContainer {
  return draft.editTask(id).containers[at] as TaskContainer;
}
