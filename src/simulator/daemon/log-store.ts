import { linesBackwards } from "./log-file.ts";
import type { LogKeeper, LogLineOfTask, LogOfContainer, Retention } from "./log-keeper.ts";
import { LogWriter } from "./log-writer.ts";

const hourMs = 3_600_000;

/** What containers have printed: kept by a writer, which may work in a thread of its own, and read from its files. */
export class LogStore {
  readonly folder: string;
  readonly #watchers = new Set<(serviceId: string) => void>();
  readonly #here: LogWriter;
  #keeper: LogKeeper;
  #retention: Retention | undefined;
  readonly #hourly: NodeJS.Timeout;

  constructor(folder: string) {
    this.folder = folder;
    this.#here = new LogWriter({ folder, written: (services) => this.written(services) });
    this.#keeper = this.#here;
    this.#hourly = setInterval(() => this.#expire(), hourMs).unref();
  }

  /** From now on this one alone writes. Nothing has been added yet. */
  use(keeper: LogKeeper): void {
    this.#keeper = keeper;
  }

  add(line: LogLineOfTask): void {
    this.#keeper.add(line);
  }

  /** To be told when lines of these services can be read. */
  written(services: readonly string[]): void {
    for (const service of services) for (const watcher of this.#watchers) watcher(service);
  }

  /** The `at` of the newest kept line of a container; undefined when there is none. For a runtime that reads its logs in
   *  this thread. */
  position(serviceId: string, task: string, container: string): number | undefined {
    return this.#here.position(serviceId, task, container);
  }

  /** The newest lines of one container, oldest first. */
  async tail(serviceId: string, task: string, container: string, count: number): Promise<string[]> {
    const logs = await this.containers(serviceId);
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
  async containers(serviceId: string): Promise<LogOfContainer[]> {
    return await this.#keeper.list(serviceId);
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

  /** Why lines are being lost; undefined while they are not. */
  get problem(): string | undefined {
    return this.#keeper.problem;
  }

  /** Writes what has been added; nothing is added any more. */
  async close(): Promise<void> {
    clearInterval(this.#hourly);
    await this.#keeper.flush();
  }

  #expire(): void {
    if (this.#retention !== undefined) this.#keeper.retain(this.#retention);
  }
}
