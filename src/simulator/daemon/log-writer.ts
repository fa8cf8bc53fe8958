import { rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { logLine } from "./daemon-log.ts";
import type { StoredLine } from "./log-file.ts";
import { type LogLimits, type LogLineOfTask, logLimits } from "./kept-log.ts";
import type { LogOfContainer, Retention } from "./kept-log.ts";
import { namesIn } from "./log-segments.ts";
import { ServiceLogs } from "./service-logs.ts";

export interface LogWriterParts {
  folder: string;
  /** Called with the services whose lines have been written. */
  written: (services: string[]) => void;
  /** Nothing is written meanwhile. */
  isFull?: () => boolean;
  limits?: LogLimits;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

interface Waiting {
  serviceId: string;
  task: string;
  container: string;
  lines: string[];
  from: number;
  to: number;
}

const dayMs = 86_400_000;
/** Lines wait so long for others to be written with them. */
const gatherMs = 20;
/** In characters. Whoever adds more waits for the disk, so that memory is bounded. */
const mostWaiting = 2 ** 18;

/** Keeps what containers print, also after they are gone: files a task and container, under a folder a service. */
export class LogWriter {
  readonly #parts: LogWriterParts;
  readonly #now: () => number;
  readonly #services = new Map<string, ServiceLogs>();
  readonly #waiting = new Map<string, Waiting>();
  #length = 0;
  #timer: NodeJS.Timeout | undefined;
  #problem: string | undefined;

  constructor(parts: LogWriterParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  add({ serviceId, task, container, stream, at, message }: LogLineOfTask): void {
    const key = `${serviceId}/${task}/${container}`;
    const stored: StoredLine = [at, stream, message];
    const text = `${JSON.stringify(stored)}\n`;
    let waiting = this.#waiting.get(key);
    if (waiting === undefined) {
      waiting = { serviceId, task, container, lines: [], from: at, to: at };
      this.#waiting.set(key, waiting);
    }
    waiting.lines.push(text);
    waiting.to = at;
    this.#length += text.length;
    if (this.#length >= mostWaiting) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), gatherMs);
  }

  /** The `at` of the newest kept line of a container; undefined when there is none. */
  position(serviceId: string, task: string, container: string): number | undefined {
    this.flush();
    return this.#service(serviceId).position(task, container);
  }

  list(serviceId: string): LogOfContainer[] {
    this.flush();
    return this.#service(serviceId).list();
  }

  retain(retention: Retention): void {
    this.flush();
    const now = this.#now();
    for (const serviceId of this.#kept())
      if (Object.hasOwn(retention, serviceId)) {
        const days = retention[serviceId] ?? Number.POSITIVE_INFINITY;
        this.#service(serviceId).expire(now - days * dayMs);
      } else this.#remove(serviceId);
  }

  /** A full disk loses lines, never the service. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.size === 0) return;
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#length = 0;
    const now = this.#now();
    let problem: string | undefined;
    for (const { serviceId, task, container, lines, from, to } of all)
      try {
        const written = { text: Buffer.from(lines.join("")), count: lines.length, from, to };
        this.#service(serviceId).append(task, container, written, now);
      } catch (error) {
        problem = (error as Error).message;
      }
    if (problem !== undefined && problem !== this.#problem) logLine(`log lines are lost: ${problem}`);
    this.#problem = problem;
    this.#parts.written([...new Set(all.map(({ serviceId }) => serviceId))]);
  }

  #service(serviceId: string): ServiceLogs {
    const known = this.#services.get(serviceId);
    if (known !== undefined) return known;
    const logs = new ServiceLogs(this.#folderOf(serviceId), this.#parts.limits ?? logLimits, this.#parts.isFull);
    this.#services.set(serviceId, logs);
    return logs;
  }

  /** The services that have logs: `app/env/name`. */
  #kept(): string[] {
    const below = (path: string) => namesIn(join(this.#parts.folder, path)).map((name) => join(path, name));
    return below("").flatMap(below).flatMap(below);
  }

  #remove(serviceId: string): void {
    const folder = this.#folderOf(serviceId);
    rmSync(folder, { recursive: true, force: true });
    this.#services.delete(serviceId);
    for (const empty of [dirname(folder), dirname(dirname(folder))])
      try {
        rmdirSync(empty);
      } catch {
        return;
      }
  }

  #folderOf(serviceId: string): string {
    return join(this.#parts.folder, ...serviceId.split("/"));
  }
}
