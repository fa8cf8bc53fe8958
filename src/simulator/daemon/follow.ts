import { UserError } from "../../errors.ts";
import type { FollowEvent } from "../protocol.ts";
import type { Service, SimulatorState, Task } from "../engine/state.ts";
import type { Daemon } from "./daemon.ts";
import { tasksOf } from "../engine/queries.ts";
import { describeService, waitingFor } from "./describe.ts";
import { isReportable } from "./stop-reports.ts";

export interface FollowParams {
  serviceId: string;
  /** Failed tasks and events from before this deployment began are old news. */
  deploymentId?: string;
}

/** Sends the picture of a service at once and after every change, with its events and failed tasks, each once; ends
 *  when the service is gone or the signal aborts. */
export async function followService(
  daemon: Daemon,
  { serviceId, deploymentId }: FollowParams,
  send: (event: FollowEvent) => void,
  signal: AbortSignal,
): Promise<void> {
  const first = daemon.state.services[serviceId];
  if (first === undefined) throw new UserError("service/not-found", `${serviceId} is not deployed`);
  const since = first.deployments.find(({ id }) => id === deploymentId)?.createdAt ?? daemon.now();
  const told = { events: new Set<string>(), started: new Set<string>(), stopped: new Set<string>() };
  for (const event of first.events) if (event.at < since) told.events.add(event.id);

  await new Promise<void>((resolve) => {
    let last = "";
    let scheduled = false;
    const tell = () => {
      scheduled = false;
      const service = daemon.state.services[serviceId];
      if (service === undefined) return end();
      for (const event of [...service.events].toReversed()) {
        if (told.events.has(event.id)) continue;
        told.events.add(event.id);
        send({ type: "service-event", at: event.at, id: event.id, message: event.message });
      }
      for (const task of tasksOf(daemon.state, serviceId)) tellTask(daemon, task, since, told, send);
      last = tellStatus(daemon, service, last, send);
      if (service.status === "INACTIVE") end();
    };
    const schedule = () => {
      if (scheduled) return;
      scheduled = true;
      setImmediate(tell);
    };
    const concerns = (before: SimulatorState, after: SimulatorState) => {
      if (before.services[serviceId] !== after.services[serviceId] || before.tasks !== after.tasks) schedule();
    };
    const stopWatching = daemon.simulator.onChange(concerns);
    const end = () => {
      stopWatching();
      signal.removeEventListener("abort", end);
      resolve();
    };
    signal.addEventListener("abort", end, { once: true });
    tell();
  });
}

function tellStatus(daemon: Daemon, service: Service, last: string, send: (event: FollowEvent) => void): string {
  const view = daemon.view();
  const status = describeService(view, service);
  const waiting = waitingFor(view, service);
  const text = JSON.stringify([status, waiting]);
  if (text !== last) send({ type: "status", at: daemon.now(), status, waitingFor: waiting });
  return text;
}

function tellTask(
  daemon: Daemon,
  task: Task,
  since: number,
  told: { started: Set<string>; stopped: Set<string> },
  send: (event: FollowEvent) => void,
): void {
  const containers = task.containers.flatMap(({ name, runtimeId }) =>
    runtimeId === undefined ? [] : [{ name, runtimeId }],
  );
  if (task.createdAt >= since && containers.length === task.containers.length && !told.started.has(task.id)) {
    told.started.add(task.id);
    send({ type: "task-started", at: daemon.now(), task: task.id, containers });
  }
  if (told.stopped.has(task.id) || !isReportable(task) || (task.stoppedAt ?? task.stoppingAt ?? since) < since) return;
  told.stopped.add(task.id);
  void daemon.reports
    .report(daemon.state, task)
    ?.then((report) => send({ type: "task-stopped", at: daemon.now(), task: report }));
}
