import type { LogLine } from "../../providers/provider.ts";
import type { Streams } from "../protocol.ts";
import type { Daemon } from "./daemon.ts";
import type { KeptLine } from "./log-store.ts";
import { serviceOf } from "./operations.ts";

/** Sends kept lines, oldest first, then with `follow` the new ones until the signal aborts.
 *  @throws UserError service/not-found */
export async function streamLogs(
  daemon: Daemon,
  request: Streams["logs"]["params"],
  send: (line: LogLine & { cursor: number }) => void,
  signal: AbortSignal,
): Promise<void> {
  const serviceId = `${request.app}/${request.env}/${request.name}`;
  serviceOf(daemon.state, serviceId);
  const from = request.after === undefined ? (request.since ?? 0) : request.after + 1;
  const wanted = chosen(daemon, serviceId, request);
  const early: KeptLine[] = [];
  let live: ((line: KeptLine) => void) | undefined;
  const isWanted = wantedBy(request, serviceId);
  const stop = request.follow
    ? daemon.logs.onLine((line) => isWanted(line) && (live ?? ((one) => early.push(one)))(line))
    : undefined;
  try {
    const kept = await daemon.logs.read(serviceId, wanted, from, request.until ?? Number.MAX_SAFE_INTEGER);
    const shown = kept.slice(-(request.limit ?? kept.length));
    for (const line of shown) send(asLine(line));
    if (!request.follow) return;
    const seen = new Set(kept.map(identity));
    live = (line) => send(asLine(line));
    for (const line of early) if (!seen.has(identity(line))) live(line);
    if (!signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  } finally {
    stop?.();
  }
}

function chosen(
  daemon: Daemon,
  serviceId: string,
  request: Streams["logs"]["params"],
): { task: string; container: string }[] {
  const all = daemon.logs.containers(serviceId);
  const previous = request.previous ? lastStopped(daemon, serviceId, all) : undefined;
  return all.filter(
    ({ task, container }) =>
      (request.container ?? container) === container &&
      (request.tasks === undefined || request.tasks.some((start) => task.startsWith(start))) &&
      (!request.previous || task === previous),
  );
}

/** The task that stopped last, by the state; by the age of its logs when the state has forgotten it. */
function lastStopped(daemon: Daemon, serviceId: string, all: { task: string }[]): string | undefined {
  const running = new Set(
    Object.values(daemon.state.tasks)
      .filter(
        (task) => task.serviceId === serviceId && task.lastStatus !== "STOPPED" && task.desiredStatus === "RUNNING",
      )
      .map(({ id }) => id),
  );
  const stopped = Object.values(daemon.state.tasks)
    .filter((task) => task.serviceId === serviceId && !running.has(task.id))
    .toSorted((a, b) => (a.stoppedAt ?? a.stoppingAt ?? 0) - (b.stoppedAt ?? b.stoppingAt ?? 0));
  return stopped.at(-1)?.id ?? all.findLast(({ task }) => !running.has(task))?.task;
}

function wantedBy(request: Streams["logs"]["params"], serviceId: string): (line: KeptLine) => boolean {
  return (line) =>
    line.serviceId === serviceId &&
    (request.container ?? line.container) === line.container &&
    (request.tasks === undefined || request.tasks.some((start) => line.task.startsWith(start)));
}

function asLine({ serviceId: _, ...line }: KeptLine): LogLine & { cursor: number } {
  return line;
}

function identity({ task, container, cursor, stream, message }: KeptLine): string {
  return `${task} ${container} ${cursor} ${stream} ${message}`;
}
