import { setImmediate } from "node:timers/promises";
import { UserError } from "../../errors.ts";
import type { FollowEvent } from "../protocol.ts";
import { tasksOf } from "../engine/queries.ts";
import type { Service, SimulatorState, Task } from "../engine/state.ts";
import type { Daemon } from "./daemon.ts";
import { describeService, waitingFor } from "./describe.ts";
import { isReportable } from "./stop-reports.ts";
import { WakeUp } from "./wake-up.ts";

export interface FollowParams {
  serviceId: string;
  /** Failed tasks and events from before this deployment began are old news. */
  deploymentId?: string;
}

/** Sends the picture of a service at once and after every change, with its events, failed tasks and what stands in its
 *  way, each once; ends when the service is gone or the signal aborts. Whoever does not keep up misses pictures, and
 *  nothing else. */
export async function followService(
  daemon: Daemon,
  { serviceId, deploymentId }: FollowParams,
  send: (event: FollowEvent) => Promise<void> | undefined,
  signal: AbortSignal,
): Promise<void> {
  const first = daemon.state.services[serviceId];
  if (first === undefined) throw new UserError("service/not-found", `${serviceId} is not deployed`);
  const since = first.deployments.find(({ id }) => id === deploymentId)?.createdAt ?? daemon.now();
  const wakeUp = new WakeUp();
  const concerns = (before: SimulatorState, after: SimulatorState) => {
    if (before.services[serviceId] !== after.services[serviceId] || before.tasks !== after.tasks) wakeUp.ring();
  };
  const stops = [daemon.simulator.onChange(concerns), daemon.troubles.onChange(() => wakeUp.ring())];
  const news = new News(daemon, since, () => wakeUp.ring());
  try {
    while (!signal.aborted) {
      const service = daemon.state.services[serviceId];
      for (const event of service === undefined ? [] : news.of(service)) {
        await send(event);
        if (signal.aborted) return;
      }
      if (service === undefined) {
        for (const event of await news.rest()) await send(event);
        return;
      }
      await wakeUp.next(signal);
      // What changes in one go is one picture.
      await setImmediate();
    }
  } finally {
    for (const stop of stops) stop();
  }
}

/** What one follower has not been told yet. */
class News {
  readonly #daemon: Daemon;
  readonly #since: number;
  readonly #arrived: () => void;
  readonly #told = new Set<string>();
  readonly #pending = new Set<Promise<void>>();
  readonly #reports: FollowEvent[] = [];
  #lastStatus = "";

  constructor(daemon: Daemon, since: number, arrived: () => void) {
    this.#daemon = daemon;
    this.#since = since;
    this.#arrived = arrived;
  }

  of(service: Service): FollowEvent[] {
    const events: FollowEvent[] = [];
    for (const { id, at, message } of service.events.toReversed())
      if (at >= this.#since && this.#isNew(id)) events.push({ type: "service-event", at, id, message });
    for (const task of tasksOf(this.#daemon.state, service.id)) {
      events.push(...this.#start(task));
      this.#report(task);
    }
    for (const { code, message } of this.#daemon.troubles.of(service))
      if (this.#isNew(message)) events.push({ type: "notice", code, message });
    return [...events, ...this.#reports.splice(0), ...this.#status(service)];
  }

  /** What is still to be reported of failed tasks. */
  async rest(): Promise<FollowEvent[]> {
    await Promise.all(this.#pending);
    return this.#reports.splice(0);
  }

  #start({ id, createdAt, containers }: Task): FollowEvent[] {
    const started = containers.flatMap(({ name, runtimeId }) => (runtimeId === undefined ? [] : [{ name, runtimeId }]));
    if (createdAt < this.#since || started.length < containers.length || !this.#isNew(`started ${id}`)) return [];
    return [{ type: "task-started", at: this.#daemon.now(), task: id, containers: started }];
  }

  #report(task: Task): void {
    const ended = task.stoppedAt ?? task.stoppingAt ?? this.#since;
    if (!isReportable(task) || ended < this.#since || !this.#isNew(`stopped ${task.id}`)) return;
    const report = this.#daemon.reports.report(this.#daemon.state, task)?.then(
      (stopped) => {
        this.#reports.push({ type: "task-stopped", at: this.#daemon.now(), task: stopped });
        this.#arrived();
      },
      () => undefined,
    );
    if (report === undefined) return;
    this.#pending.add(report);
    void report.finally(() => this.#pending.delete(report));
  }

  #status(service: Service): FollowEvent[] {
    const view = this.#daemon.view();
    const status = describeService(view, service);
    const waiting = waitingFor(view, service);
    const text = JSON.stringify([status, waiting]);
    if (text === this.#lastStatus) return [];
    this.#lastStatus = text;
    return [{ type: "status", at: this.#daemon.now(), status, waitingFor: waiting }];
  }

  #isNew(name: string): boolean {
    if (this.#told.has(name)) return false;
    this.#told.add(name);
    return true;
  }
}
