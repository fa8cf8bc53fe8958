import { createReadStream, existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { LogLine } from "../../providers/provider.ts";

/** A line as it is kept: one JSON array a line, `[at, stream, message]`. */
type StoredLine = [at: number, stream: "stdout" | "stderr", message: string];

export interface KeptLine extends LogLine {
  serviceId: string;
  /** Milliseconds since the epoch, as the container wrote it. */
  cursor: number;
}

/** Keeps what containers print, also after they are gone: one file a task and container, under a folder a service. */
export class LogStore {
  readonly #folder: string;
  readonly #listeners = new Set<(line: KeptLine) => void>();
  readonly #positions = new Map<string, number>();
  readonly #writes = new Map<string, { lines: string; done: Promise<void> | undefined }>();

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
    const kept = toLine(line.serviceId, line.task, line.container, stored);
    for (const listener of this.#listeners) listener(kept);
  }

  /** When the newest kept line of a container was written; undefined when there is none. */
  position(serviceId: string, task: string, container: string): number | undefined {
    const file = this.#file(serviceId, task, container);
    const known = this.#positions.get(file);
    if (known !== undefined) return known;
    return storedLines(file).at(-1)?.[0];
  }

  /** The newest lines of one container, oldest first. */
  async tail(serviceId: string, task: string, container: string, count: number): Promise<string[]> {
    const file = this.#file(serviceId, task, container);
    await this.#settled(file);
    return storedLines(file)
      .slice(-count)
      .map(([, , message]) => message);
  }

  /** All kept lines of these containers in the order of time. */
  async read(
    serviceId: string,
    wanted: { task: string; container: string }[],
    from: number,
    until: number,
  ): Promise<KeptLine[]> {
    const lines: KeptLine[] = [];
    for (const { task, container } of wanted) {
      const file = this.#file(serviceId, task, container);
      await this.#settled(file);
      if (!existsSync(file)) continue;
      for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
        const stored = parse(text);
        if (stored !== undefined && stored[0] >= from && stored[0] <= until)
          lines.push(toLine(serviceId, task, container, stored));
      }
    }
    return lines.toSorted((a, b) => a.cursor - b.cursor);
  }

  /** Tasks of a service that have left logs, newest last. */
  containers(serviceId: string): { task: string; container: string; writtenAt: number }[] {
    const folder = this.#serviceFolder(serviceId);
    return list(folder)
      .flatMap((name) => {
        const found = /^([0-9a-f]+)\.(.+)\.log$/.exec(name);
        if (found === null) return [];
        const [, task = "", container = ""] = found;
        return [{ task, container, writtenAt: statSync(join(folder, name)).mtimeMs }];
      })
      .toSorted((a, b) => a.writtenAt - b.writtenAt);
  }

  onLine(listener: (line: KeptLine) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  removeTask(serviceId: string, task: string): void {
    for (const found of this.containers(serviceId))
      if (found.task === task) rmSync(this.#file(serviceId, task, found.container), { force: true });
  }

  removeService(serviceId: string): void {
    rmSync(this.#serviceFolder(serviceId), { recursive: true, force: true });
  }

  async flush(): Promise<void> {
    await Promise.all([...this.#writes.keys()].map((file) => this.#settled(file)));
  }

  #write(file: string, text: string): void {
    const queued = this.#writes.get(file);
    if (queued !== undefined) {
      queued.lines += text;
      return;
    }
    const entry = { lines: text, done: undefined as Promise<void> | undefined };
    this.#writes.set(file, entry);
    entry.done = this.#drain(file, entry);
  }

  async #drain(file: string, entry: { lines: string }): Promise<void> {
    try {
      await mkdir(join(file, ".."), { recursive: true, mode: 0o700 });
      while (entry.lines !== "") {
        const text = entry.lines;
        entry.lines = "";
        await appendFile(file, text, { mode: 0o600 });
      }
    } catch {
      // A full disk loses log lines, never the service.
    } finally {
      this.#writes.delete(file);
    }
  }

  async #settled(file: string): Promise<void> {
    for (let entry = this.#writes.get(file); entry !== undefined; entry = this.#writes.get(file)) await entry.done;
  }

  #serviceFolder(serviceId: string): string {
    return join(this.#folder, ...serviceId.split("/"));
  }

  #file(serviceId: string, task: string, container: string): string {
    return join(this.#serviceFolder(serviceId), `${task}.${container}.log`);
  }
}

function toLine(serviceId: string, task: string, container: string, [at, stream, message]: StoredLine): KeptLine {
  return { serviceId, at: new Date(at).toISOString(), task, container, stream, message, cursor: at };
}

function storedLines(file: string): StoredLine[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    const stored = parse(line);
    return stored === undefined ? [] : [stored];
  });
}

/** A line that a crash cut short is left out. */
function parse(text: string): StoredLine | undefined {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as StoredLine;
  } catch {
    return undefined;
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
