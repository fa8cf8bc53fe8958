import { linesBackwards } from "./log-file.ts";
import type { LogLineOfTask, LogOfContainer, Retention } from "./kept-log.ts";
import { LogWriter } from "./log-writer.ts";

const hourMs = 3_600_000;

/** What containers have printed: written within limits, and read from the files. */
export class LogStore {
  readonly #watchers = new Set<(serviceId: string) => void>();
  readonly #writer: LogWriter;
  #retention: Retention | undefined;
  readonly #hourly: NodeJS.Timeout;

  /** @param disk nothing is written while it is full */
  constructor(folder: string, disk: { readonly isFull: boolean } = { isFull: false }) {
    this.#writer = new LogWriter({
      folder,
      isFull: () => disk.isFull,
      written: (services) => this.#written(services),
    });
    this.#hourly = setInterval(() => this.#expire(), hourMs).unref();
  }

  add(line: LogLineOfTask): void {
    this.#writer.add(line);
  }

  /** The `at` of the newest kept line of a container; undefined when there is none. */
  position(serviceId: string, task: string, container: string): number | undefined {
    return this.#writer.position(serviceId, task, container);
  }

  /** The newest lines of one container, oldest first. */
  async tail(serviceId: string, task: string, container: string, count: number): Promise<string[]> {
    const logs = this.containers(serviceId);
    const log = logs.find((one) => one.task === task && one.container === container);
    const found: string[] = [];
    for (const { file, bytes } of log?.segments.toReversed() ?? [])
      for await (const { line } of linesBackwards(file, bytes)) {
        if (found.length >= count) return found.toReversed();
        if (line !== undefined) found.push(line[2]);
      }
    return found.toReversed();
  }

  /** The logs that a service has left, that which was written last at the end. What has been added is in the files. */
  containers(serviceId: string): LogOfContainer[] {
    return this.#writer.list(serviceId);
  }

  /** Called with the service of lines that have come. */
  onLine(watcher: (serviceId: string) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Services and for how long their logs are kept, from now on. The logs of all others go. */
  retain(retention: Retention): void {
    this.#retention = retention;
    this.#expire();
  }

  /** Writes what has been added; nothing is added any more. */
  close(): void {
    clearInterval(this.#hourly);
    this.#writer.flush();
  }

  #written(services: readonly string[]): void {
    for (const service of services) for (const watcher of this.#watchers) watcher(service);
  }

  #expire(): void {
    if (this.#retention !== undefined) this.#writer.retain(this.#retention);
  }
}
