import type { ContainerHealth } from "../../engine/state.ts";
import type { LogPosition, RuntimeContainer, RuntimeObserver } from "../runtime.ts";
import type { EngineClient } from "./engine-client.ts";
import { inspectContainer, listContainers } from "./containers.ts";
import type { EngineEvent } from "./events.ts";
import { identityOf } from "./labels.ts";
import type { ContainerIdentity } from "./labels.ts";
import { followLog } from "./log-follower.ts";
import { waitFor } from "./wait.ts";

/** How long a container's end is held back for the last lines of its log. */
const lastLinesMs = 3000;
/** The Engine may tell of the kernel's kill after it has told of the death. */
const lateOomMs = 300;
const killed = 137;
const healthEvent = "health_status: ";

interface Watched extends ContainerIdentity {
  id: string;
  /** Resolves to whether it has ever run, once that is known. */
  started: Promise<boolean>;
  log: Promise<void> | undefined;
  /** Ends the reading of its log. */
  end: AbortController;
  reported: boolean;
  stopping: boolean;
  outOfMemory: boolean;
  /** As it was reported. */
  health: ContainerHealth;
}

interface Ended {
  exitCode: number;
  at: number;
}

export interface ContainerWatchParts {
  client: EngineClient;
  owner: string;
  observer: RuntimeObserver;
  logPosition: LogPosition;
}

/** Reads the logs of our containers and reports their end, once each and after the last line of their log. */
export class ContainerWatch {
  readonly #parts: ContainerWatchParts;
  readonly #watched = new Map<string, Watched>();

  constructor(parts: ContainerWatchParts) {
    this.#parts = parts;
  }

  /** To be called before a container is started: its end is not reported before `started` says that it ran. */
  expect(id: string, identity: ContainerIdentity, started: Promise<boolean>): void {
    const known = this.#watched.get(id);
    if (known !== undefined && !known.reported) known.started = started;
    else this.#add(id, identity, started);
  }

  /** Reads on the log of a container that has run, and reports its end when it has ended. */
  attach(container: RuntimeContainer): void {
    const watched =
      this.#watched.get(container.runtimeId) ?? this.#add(container.runtimeId, container, Promise.resolve(true));
    this.#readLog(watched);
    if (container.health !== undefined && container.state === "running")
      void this.#reportHealth(watched, container.health);
    if (container.state !== "exited") return;
    watched.outOfMemory ||= container.outOfMemory ?? false;
    void this.#report(watched, { exitCode: container.exitCode ?? killed, at: container.finishedAt ?? Date.now() });
  }

  /** Its end is wanted, so SIGKILL is no sign of too little memory. */
  stopping(container: RuntimeContainer): void {
    const watched = this.#watched.get(container.runtimeId);
    if (watched !== undefined) watched.stopping = true;
  }

  /** Resolves when the log of an ended container has been read to its end, or after `limitMs`. */
  async drained(container: RuntimeContainer, limitMs: number): Promise<void> {
    const watched =
      this.#watched.get(container.runtimeId) ?? this.#add(container.runtimeId, container, Promise.resolve(true));
    this.#readLog(watched);
    const limit = new AbortController();
    await Promise.race([watched.log, waitFor(limitMs, limit.signal)]);
    limit.abort();
  }

  /** Nothing of this container is of interest any more. */
  silence(containers: RuntimeContainer[]): void {
    for (const { runtimeId } of containers) {
      const watched = this.#watched.get(runtimeId);
      if (watched !== undefined) watched.reported = true;
    }
  }

  forget(containers: RuntimeContainer[]): void {
    for (const { runtimeId } of containers) {
      this.#watched.get(runtimeId)?.end.abort();
      this.#watched.delete(runtimeId);
    }
  }

  event({ Action, Actor, timeNano }: EngineEvent): void {
    const identity = identityOf(this.#parts.owner, Actor.Attributes);
    const watched = this.#watched.get(Actor.ID);
    if (identity === undefined || watched === undefined) return;
    if (Action === "oom") watched.outOfMemory = true;
    if (Action.startsWith(healthEvent)) void this.#lookAtHealth(watched);
    if (Action === "die")
      void this.#report(watched, { exitCode: Number(Actor.Attributes["exitCode"]), at: timeNano / 1e6 });
  }

  /** As `attach`, and an end is reported even if it has been before: whoever asks may have ignored it. */
  attachAgain(container: RuntimeContainer): void {
    const watched = this.#watched.get(container.runtimeId);
    if (watched !== undefined) Object.assign(watched, { reported: false, health: "UNKNOWN" });
    this.attach(container);
  }

  /** Compares what is there with what was known: attaches to what runs, reports what has ended or vanished.
   *  @throws EngineError, RuntimeUnavailableError */
  async compare(): Promise<void> {
    const known = [...this.#watched.values()];
    const present = await listContainers(this.#parts.client, this.#parts.owner);
    for (const container of present) if (container.state !== "created") this.attach(container);
    const ids = new Set(present.map(({ runtimeId }) => runtimeId));
    for (const watched of known)
      if (!ids.has(watched.id)) void this.#report(watched, { exitCode: killed, at: Date.now() });
  }

  /** Attaches to what is there of these tasks; reports what has ended, and tasks without a pause container as lost.
   *  @throws EngineError, RuntimeUnavailableError */
  async adopt(tasks: ReadonlySet<string>): Promise<void> {
    const all = await listContainers(this.#parts.client, this.#parts.owner);
    const present = all.filter(({ task }) => tasks.has(task));
    for (const container of present) if (container.state !== "created") this.attach(container);
    const held = new Set(present.filter(({ container }) => container === undefined).map(({ task }) => task));
    for (const task of tasks)
      if (!held.has(task) && present.some((container) => container.task === task)) this.#parts.observer.lost(task);
  }

  close(): void {
    for (const watched of this.#watched.values()) {
      watched.reported = true;
      watched.end.abort();
    }
  }

  #add(id: string, { task, serviceId, container, attempt }: ContainerIdentity, started: Promise<boolean>): Watched {
    const end = new AbortController();
    const fresh = {
      id,
      task,
      serviceId,
      container,
      attempt,
      started,
      end,
      log: undefined,
      reported: false,
      stopping: false,
      outOfMemory: false,
      health: "UNKNOWN" as const,
    };
    this.#watched.set(id, fresh);
    return fresh;
  }

  #readLog(watched: Watched): void {
    const { serviceId, task, container } = watched;
    if (container === undefined) return;
    const { client, observer, logPosition } = this.#parts;
    const deliver = (line: { stream: "stdout" | "stderr"; at: number; message: string }) =>
      observer.log({ serviceId, task, container, ...line });
    watched.log ??= followLog(client, watched.id, logPosition(serviceId, task, container), deliver, watched.end.signal);
  }

  /** Events come again after a lost connection, so what counts is how it is now. */
  async #lookAtHealth(watched: Watched): Promise<void> {
    const { client, owner } = this.#parts;
    const seen = await inspectContainer(client, owner, watched.id).catch(() => undefined);
    if (seen?.health !== undefined && seen.state === "running") await this.#reportHealth(watched, seen.health);
  }

  /** Not before its start has been answered, nor after its end. */
  async #reportHealth(watched: Watched, health: ContainerHealth): Promise<void> {
    const ran = await watched.started;
    if (!ran || watched.reported || watched.health === health) return;
    watched.health = health;
    const { task, container, attempt } = watched;
    if (container !== undefined) this.#parts.observer.health?.({ task, container, attempt, health });
  }

  async #report(watched: Watched, { exitCode, at }: Ended): Promise<void> {
    if (watched.reported) return;
    watched.reported = true;
    if (!(await watched.started)) {
      watched.reported = false;
      return;
    }
    const { task, container, attempt } = watched;
    if (container === undefined) {
      this.#parts.observer.lost(task);
      return;
    }
    this.#readLog(watched);
    const limit = new AbortController();
    await Promise.race([watched.log, waitFor(lastLinesMs, limit.signal)]);
    limit.abort();
    const outOfMemory = exitCode === killed && !watched.stopping && (await this.#ranOutOfMemory(watched));
    if (this.#watched.get(watched.id) !== watched || watched.end.signal.aborted) return;
    this.#parts.observer.exited({ task, container, attempt, exitCode, outOfMemory, at });
  }

  async #ranOutOfMemory(watched: Watched): Promise<boolean> {
    if (watched.outOfMemory) return true;
    const seen = await inspectContainer(this.#parts.client, this.#parts.owner, watched.id).catch(() => undefined);
    if (seen?.outOfMemory) return true;
    await waitFor(lateOomMs, watched.end.signal);
    return watched.outOfMemory;
  }
}
