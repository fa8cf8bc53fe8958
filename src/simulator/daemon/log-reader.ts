import { linesBackwards, linesFrom, type StoredLine } from "./log-file.ts";
import type { LogOfContainer } from "./log-store.ts";

/** A kept line with where it stands. */
export interface ReadLine {
  log: LogOfContainer;
  line: StoredLine;
}

/** Which lines are wanted. All are in milliseconds since the epoch, as the containers wrote them. */
export interface Range {
  since?: number;
  until?: number;
  /** Task and container → only lines after this one. */
  after?: Record<string, number>;
  /** Only this many of the newest. */
  limit?: number;
}

/** Reads the logs of a service's containers side by side, in the order of time, and reads on what comes later. However
 *  large they are, it holds one line of each. */
export class LogReader {
  /** File → where to read on. */
  readonly #offsets = new Map<string, number>();
  readonly #range: Range;

  constructor(range: Range) {
    this.#range = range;
  }

  /** Finds the first wanted line of each, from the end. Without it, reading begins at the beginning. */
  async seek(logs: readonly LogOfContainer[]): Promise<void> {
    const { limit = Number.POSITIVE_INFINITY } = this.#range;
    const found: { file: string; at: number; offset: number }[] = [];
    for (const log of logs) {
      let count = 0;
      for await (const { line, offset, next } of linesBackwards(log.file)) {
        if (line === undefined) continue;
        if (!this.#offsets.has(log.file)) this.#offsets.set(log.file, next);
        if (this.#isTooOld(log, line) || count >= limit) break;
        if (line[0] > (this.#range.until ?? Number.POSITIVE_INFINITY)) continue;
        count += 1;
        if (limit === Number.POSITIVE_INFINITY) this.#offsets.set(log.file, offset);
        else found.push({ file: log.file, at: line[0], offset });
      }
    }
    const newest = found.toSorted((a, b) => b.at - a.at).slice(0, Math.min(limit, found.length));
    for (const { file, offset } of newest) this.#offsets.set(file, Math.min(offset, this.#offsets.get(file) ?? offset));
  }

  /** The lines that are there and have not been read. */
  async *read(logs: readonly LogOfContainer[]): AsyncGenerator<ReadLine, void, void> {
    const heads = await Promise.all(logs.map((log) => this.#open(log)));
    let open = heads.filter((head) => head !== undefined);
    try {
      while (open.length > 0) {
        const first = open.reduce((a, b) => (b.line[0] < a.line[0] ? b : a));
        yield { log: first.log, line: first.line };
        if (!(await first.advance())) open = open.filter((head) => head !== first);
      }
    } finally {
      await Promise.all(open.map((head) => head.close()));
    }
  }

  async #open(log: LogOfContainer) {
    const lines = linesFrom(log.file, this.#offsets.get(log.file) ?? 0);
    const offsets = this.#offsets;
    const until = this.#range.until ?? Number.POSITIVE_INFINITY;
    const isTooOld = (line: StoredLine) => this.#isTooOld(log, line);
    const head = {
      log,
      line: [0, "stdout", ""] as StoredLine,
      close: () => lines.return(),
      async advance(): Promise<boolean> {
        for (let read = await lines.next(); !read.done; read = await lines.next()) {
          const { line, next } = read.value;
          offsets.set(log.file, next);
          if (line === undefined || isTooOld(line) || line[0] > until) continue;
          head.line = line;
          return true;
        }
        return false;
      },
    };
    return (await head.advance()) ? head : undefined;
  }

  #isTooOld({ task, container }: LogOfContainer, [at]: StoredLine): boolean {
    const after = this.#range.after?.[`${task}/${container}`];
    return after === undefined ? at < (this.#range.since ?? 0) : at <= after;
  }
}
