import { healthyDue } from "./health.ts";
import { gracePeriod } from "./plan-facts.ts";
import { forgottenAt } from "./retention.ts";
import type { Service, SimulatorState, Task } from "./state.ts";
import { REPEAT_EVENT_AFTER, scaled } from "./times.ts";

/** When the engine next wants a tick, in milliseconds since the epoch; undefined when it waits for others only. */
export function nextWake(state: SimulatorState): number | undefined {
  const instants = [
    ...Object.values(state.services).flatMap((service) => serviceWakes(service, state.speed)),
    ...Object.values(state.tasks).flatMap((task) => taskWakes(task, state)),
  ];
  return instants.length === 0 ? undefined : instants.reduce((a, b) => Math.min(a, b));
}

function serviceWakes(service: Service, speed: number): number[] {
  const again = [service.steadyAt, service.stuckAt].filter((at) => at !== undefined);
  return [
    ...again.map((at) => at + scaled(REPEAT_EVENT_AFTER, speed)),
    ...service.deployments.map(({ throttle }) => throttle.notBefore).filter((at) => at > 0),
  ];
}

function taskWakes(task: Task, state: SimulatorState): number[] {
  if (task.lastStatus === "STOPPED") return [forgottenAt(task, state.speed)];
  if (task.lastStatus === "DEACTIVATING") return [(task.idle ? task.drainUntil : task.drainLimit) ?? 0];
  if (task.lastStatus !== "RUNNING" || task.desiredStatus !== "RUNNING") return [];
  if (task.targets.length === 0) return task.healthyAt === undefined ? [healthyDue(task, state.speed)] : [];
  if (task.unhealthyAt !== undefined || !task.targets.some((target) => target.state === "unhealthy")) return [];
  const deployment = state.services[task.serviceId]?.deployments.find(({ id }) => id === task.deploymentId);
  return deployment === undefined ? [] : [(task.startedAt ?? 0) + scaled(gracePeriod(deployment), state.speed)];
}
