import { waitingUntil } from "./container-life.ts";
import { healthyDue, isChecked, isFailing } from "./health.ts";
import { gracePeriod } from "./plan-facts.ts";
import { forgottenAt } from "./retention.ts";
import type { Service, SimulatorState, Task } from "./state.ts";
import { REPEAT_EVENT_AFTER, scaled } from "./times.ts";

const known = new WeakMap<SimulatorState, number>();

/** When the engine next wants a tick, in milliseconds since the epoch; undefined when it waits for others only. */
export function nextWake(state: SimulatorState): number | undefined {
  let wake = known.get(state);
  if (wake === undefined) {
    wake = Infinity;
    for (const service of Object.values(state.services)) wake = Math.min(wake, serviceWake(service, state.speed));
    for (const task of Object.values(state.tasks)) wake = Math.min(wake, taskWake(task, state));
    known.set(state, wake);
  }
  return wake === Infinity ? undefined : wake;
}

/** The services that have waited for this moment, or a task of theirs. */
export function dueServices(state: SimulatorState, now: number): Set<string> {
  const due = new Set<string>();
  if ((nextWake(state) ?? Infinity) > now) return due;
  for (const service of Object.values(state.services))
    if (serviceWake(service, state.speed) <= now) due.add(service.id);
  for (const task of Object.values(state.tasks)) if (taskWake(task, state) <= now) due.add(task.serviceId);
  return due;
}

function serviceWake({ steadyAt, stuckAt, deployments }: Service, speed: number): number {
  let wake = Math.min(steadyAt ?? Infinity, stuckAt ?? Infinity) + scaled(REPEAT_EVENT_AFTER, speed);
  for (const { throttle } of deployments) if (throttle.notBefore > 0) wake = Math.min(wake, throttle.notBefore);
  return wake;
}

function taskWake(task: Task, state: SimulatorState): number {
  if (task.lastStatus === "STOPPED") return forgottenAt(task, state.speed);
  if (task.lastStatus === "DEACTIVATING") return (task.idle ? task.drainUntil : task.drainLimit) ?? 0;
  if (task.desiredStatus !== "RUNNING") return Infinity;
  if (task.lastStatus === "PENDING") return waitingUntil(task, state);
  if (task.lastStatus !== "RUNNING") return Infinity;
  if (!isChecked(task)) return task.healthyAt === undefined ? healthyDue(task, state.speed) : Infinity;
  if (task.unhealthyAt !== undefined || !isFailing(task)) return Infinity;
  const deployment = state.services[task.serviceId]?.deployments.find(({ id }) => id === task.deploymentId);
  return deployment === undefined ? Infinity : (task.startedAt ?? 0) + scaled(gracePeriod(deployment), state.speed);
}
