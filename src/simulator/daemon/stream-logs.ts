import type { LogLine } from "../../providers/provider.ts";
import type { Streams } from "../protocol.ts";
import type { Daemon } from "./daemon.ts";
import { logFilter } from "./log-filter.ts";
import { retentionOf } from "./log-retention.ts";
import { LogReader, type ReadLine } from "./log-reader.ts";
import type { LogOfContainer } from "./kept-log.ts";
import { serviceOf } from "./service-of.ts";
import { WakeUp } from "./wake-up.ts";

type Request = Streams["logs"]["params"];

/** Sends kept lines, oldest first, then with `follow` the new ones until the service is gone or the signal aborts. Waits
 *  for whoever reads them. @throws UserError service/not-found */
export async function streamLogs(
  daemon: Daemon,
  request: Request,
  send: (line: LogLine & { cursor: number }) => Promise<void> | undefined,
  signal: AbortSignal,
): Promise<void> {
  const serviceId = `${request.app}/${request.env}/${request.name}`;
  serviceOf(daemon.state, serviceId);
  const wakeUp = new WakeUp();
  const isGone = () => (daemon.state.services[serviceId]?.status ?? "INACTIVE") === "INACTIVE";
  const stopListening = daemon.logs.onLine((id) => id === serviceId && wakeUp.ring());
  const isOver = () => isGone() || (request.untilEnded === true && haveEnded(daemon, request.tasks ?? []));
  const stopWatching = daemon.simulator.onChange(() => isOver() && wakeUp.ring());
  try {
    const previous = request.previous ? lastStopped(daemon, serviceId, daemon.logs.containers(serviceId)) : undefined;
    const chosen = () => daemon.logs.containers(serviceId).filter((log) => isWanted(request, log, previous));
    const since = Math.max(request.since ?? 0, oldestKept(daemon, serviceId));
    const matches = request.filter === undefined ? undefined : logFilter(request.filter);
    const reader = new LogReader({ ...request, since, matches });
    // What comes after this moment is no part of an answer that ends.
    let logs = chosen();
    await reader.seek(logs);
    for (;;) {
      // A task ends when all of its lines are kept.
      const isLast = !request.follow || (request.untilEnded === true && isOver());
      if (isLast && request.follow) logs = chosen();
      for await (const read of reader.read(logs)) {
        await send(asLine(read));
        if (signal.aborted) return;
      }
      if (isLast) return;
      await wakeUp.next(signal);
      if (signal.aborted || isGone()) return;
      logs = chosen();
    }
  } finally {
    stopListening();
    stopWatching();
  }
}

function haveEnded(daemon: Daemon, tasks: readonly string[]): boolean {
  return tasks.every((id) => (daemon.state.tasks[id]?.lastStatus ?? "STOPPED") === "STOPPED");
}

/** A segment goes when its last line is too old; its other lines are not shown any more before that. */
function oldestKept(daemon: Daemon, serviceId: string): number {
  return Date.now() - (retentionOf(daemon.state)[serviceId] ?? 0) * 86_400_000;
}

function isWanted(request: Request, { task, container }: LogOfContainer, previous: string | undefined): boolean {
  return (
    (request.container ?? container) === container &&
    (request.tasks?.some((start) => task.startsWith(start)) ?? true) &&
    (!request.previous || task === previous)
  );
}

/** The task that stopped last, by the state; by the age of its logs when the state has forgotten it. */
function lastStopped(daemon: Daemon, serviceId: string, all: LogOfContainer[]): string | undefined {
  const tasks = Object.values(daemon.state.tasks).filter((task) => task.serviceId === serviceId);
  const ended = tasks.filter(
    ({ lastStatus, desiredStatus }) => lastStatus === "STOPPED" || desiredStatus === "STOPPED",
  );
  const running = new Set(tasks.filter((task) => !ended.includes(task)).map(({ id }) => id));
  const stopped = ended.toSorted((a, b) => (a.stoppedAt ?? a.stoppingAt ?? 0) - (b.stoppedAt ?? b.stoppingAt ?? 0));
  return stopped.at(-1)?.id ?? all.findLast(({ task }) => !running.has(task))?.task;
}

function asLine({ log: { task, container }, line: [at, stream, message] }: ReadLine): LogLine & { cursor: number } {
  return { at: new Date(at).toISOString(), task, container, stream, message, cursor: at };
}
