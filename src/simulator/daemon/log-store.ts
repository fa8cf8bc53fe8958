import { closeSync, openSync, readdirSync, readSync, rmSync, statSync } from "node:fs";
import { appendFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { endsOpen, linesBackwards, type StoredLine } from "./log-file.ts";

export interface LogOfContainer {
  task: string;
  container: string;
  file: string;
  /** Milliseconds since the epoch. */
  writtenAt: number;
}

/** Lines that wait for the disk beyond this are lost, in characters: memory is for the services. */
const mostWaiting = 16 * 2 ** 20;

/** Keeps what containers print, also after they are gone: one file a task and container, under a folder a service. */
export class LogStore {
  readonly #folder: string;
  readonly #watchers = new Set<(serviceId: string) => void>();
  readonly #positions = new Map<string, number>();
  readonly #writes = new Map<string, { lines: string[]; length: number; done: Promise<void> }>();
  /** Files that are known to end with a whole line. */
  readonly #whole = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  add(line: {
    serviceId: string;
    task: string;
    container: string;
    stream: "stdout" | "stderr";
    at: number;
    message: string;
  }): void {
    const file = this.#file(line.serviceId, line.task, line.container);
    const stored: StoredLine = [line.at, line.stream, line.message];
    this.#positions.set(file, line.at);
    this.#write(file, `${JSON.stringify(stored)}\n`);
    for (const watcher of this.#watchers) watcher(line.serviceId);
  }

  /** The `at` of the newest kept line of a container; undefined when there is none. */
  position(serviceId: string, task: string, container: string): number | undefined {
    const file = this.#file(serviceId, task, container);
    return this.#positions.get(file) ?? lastPosition(file);
  }

  /** The newest lines of one container, oldest first. */
  async tail(serviceId: string, task: string, container: string, count: number): Promise<string[]> {
    const file = this.#file(serviceId, task, container);
    await this.#settled(file);
    const found: string[] = [];
    for await (const { line } of linesBackwards(file)) {
      if (found.length >= count) break;
      if (line !== undefined) found.push(line[2]);
    }
    return found.toReversed();
  }

  /** The logs that a service has left, that which was written last at the end. What has been added is in the files. */
  async containers(serviceId: string): Promise<LogOfContainer[]> {
    const folder = this.#serviceFolder(serviceId);
    await Promise.all(
      [...this.#writes.keys()].filter((file) => dirname(file) === folder).map((file) => this.#settled(file)),
    );
    return list(folder)
      .flatMap((name) => {
        const [, task, container] = /^([0-9a-f]+)\.(.+)\.log$/.exec(name) ?? [];
        const file = join(folder, name);
        const found = statSync(file, { throwIfNoEntry: false });
        if (task === undefined || container === undefined || found === undefined) return [];
        return [{ task, container, file, writtenAt: found.mtimeMs }];
      })
      .toSorted((a, b) => a.writtenAt - b.writtenAt);
  }

  /** Called with the service of each line that comes. */
  onLine(watcher: (serviceId: string) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Forgets the logs of a service's tasks but for the newest `most` and those that `isKept`. */
  async prune(serviceId: string, most: number, isKept: (task: string) => boolean): Promise<void> {
    const found = await this.containers(serviceId);
    const newestFirst = [...new Set(found.map(({ task }) => task).toReversed())];
    const gone = new Set(newestFirst.slice(most).filter((task) => !isKept(task)));
    for (const { task, file } of found) if (gone.has(task)) this.#forget(file);
  }

  removeService(serviceId: string): void {
    const folder = this.#serviceFolder(serviceId);
    for (const file of [...this.#positions.keys(), ...this.#whole]) if (dirname(file) === folder) this.#forget(file);
    rmSync(folder, { recursive: true, force: true });
  }

  async flush(): Promise<void> {
    await Promise.all([...this.#writes.keys()].map((file) => this.#settled(file)));
  }

  #write(file: string, text: string): void {
    const queued = this.#writes.get(file);
    if (queued === undefined) {
      const entry = { lines: [text], length: text.length, done: Promise.resolve() };
      this.#writes.set(file, entry);
      entry.done = this.#drain(file, entry);
    } else if (queued.length < mostWaiting) {
      queued.lines.push(text);
      queued.length += text.length;
    }
  }

  async #drain(file: string, entry: { lines: string[]; length: number }): Promise<void> {
    while (entry.lines.length > 0) {
      const text = entry.lines.join("");
      entry.lines = [];
      entry.length = 0;
      try {
        await mkdir(dirname(file), { recursive: true, mode: 0o700 });
        const open = !this.#whole.has(file) && (await endsOpen(file));
        this.#whole.delete(file);
        await appendFile(file, open ? `\n${text}` : text, { mode: 0o600 });
        this.#whole.add(file);
      } catch {
        // A full disk loses log lines, never the service.
      }
    }
    this.#writes.delete(file);
  }

  async #settled(file: string): Promise<void> {
    await this.#writes.get(file)?.done;
  }

  #forget(file: string): void {
    this.#positions.delete(file);
    this.#whole.delete(file);
    rmSync(file, { force: true });
  }

  #serviceFolder(serviceId: string): string {
    return join(this.#folder, ...serviceId.split("/"));
  }

  #file(serviceId: string, task: string, container: string): string {
    return join(this.#serviceFolder(serviceId), `${task}.${container}.log`);
  }
}

/** Looks at the end of a file, and further back only when a line is that long. */
function lastPosition(file: string): number | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch {
    return undefined;
  }
  try {
    const { size } = statSync(file);
    for (let length = Math.min(size, 2 ** 16); ; length = Math.min(size, length * 4)) {
      const end = Buffer.alloc(length);
      readSync(descriptor, end, 0, length, size - length);
      const lines = end.toString("utf8").split("\n");
      const whole = length === size ? lines : lines.slice(1);
      for (const line of whole.toReversed()) {
        const at = /^\[([\d.]+),"std(?:out|err)",".*"\]$/.exec(line)?.[1];
        if (at !== undefined) return Number(at);
      }
      if (length === size) return undefined;
    }
  } finally {
    closeSync(descriptor);
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
