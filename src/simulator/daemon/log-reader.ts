import { linesBackwards, linesFrom, type StoredLine } from "./log-file.ts";
import type { LogOfContainer } from "./kept-log.ts";

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
  /** Only lines whose text it takes. */
  matches?: (message: string) => boolean;
}

/** Where to read on in a log. */
interface Place {
  sequence: number;
  offset: number;
}

/** Reads the logs of a service's containers side by side, in the order of time, and reads on what comes later, also
 *  when segments have been added or the oldest have gone meanwhile. However large they are, it holds one line of each
 *  that was written at the same time. */
export class LogReader {
  readonly #places = new Map<string, Place>();
  readonly #range: Range;

  constructor(range: Range) {
    this.#range = range;
  }

  /** Finds the first wanted line of each, from the end. Without it, reading begins at the beginning. */
  async seek(logs: readonly LogOfContainer[]): Promise<void> {
    const { limit = Number.POSITIVE_INFINITY } = this.#range;
    let newest: { log: LogOfContainer; at: number; place: Place }[] = [];
    for (const log of logs.toReversed()) {
      let count = 0;
      for await (const { line, place, next } of backwards(log)) {
        if (line === undefined) continue;
        if (!this.#places.has(keyOf(log))) this.#places.set(keyOf(log), next);
        if (this.#isTooOld(log, line) || count >= limit) break;
        if (!this.#isMeant(line)) continue;
        if (newest.length >= limit && line[0] <= (newest.at(-1)?.at ?? 0)) break;
        count += 1;
        if (limit === Number.POSITIVE_INFINITY) this.#places.set(keyOf(log), place);
        else newest.push({ log, at: line[0], place });
      }
      newest = newest.toSorted((a, b) => b.at - a.at).slice(0, Math.min(limit, newest.length));
    }
    for (const { log, place } of newest.toReversed()) {
      const known = this.#places.get(keyOf(log));
      if (known === undefined || isBefore(place, known)) this.#places.set(keyOf(log), place);
    }
  }

  /** The lines that are there and have not been read. */
  async *read(logs: readonly LogOfContainer[]): AsyncGenerator<ReadLine, void, void> {
    const waiting = logs
      .map((log) => ({ log, from: this.#next(log) }))
      .filter((one): one is { log: LogOfContainer; from: number } => one.from !== undefined)
      .toSorted((a, b) => b.from - a.from);
    const open: Head[] = [];
    try {
      for (;;) {
        let first = earliest(open);
        for (let next = waiting.at(-1); next !== undefined; next = waiting.at(-1)) {
          if (first !== undefined && first.line[0] < next.from) break;
          waiting.pop();
          const head = this.#open(next.log);
          if (await head.advance()) open.push(head);
          first = earliest(open);
        }
        if (first === undefined) return;
        yield { log: first.log, line: first.line };
        if (!(await first.advance())) open.splice(open.indexOf(first), 1);
      }
    } finally {
      await Promise.all(open.map((head) => head.close()));
    }
  }

  /** When the next line that is to be read was written, at the earliest; undefined when there is none. */
  #next(log: LogOfContainer): number | undefined {
    const place = this.#places.get(keyOf(log));
    const last = log.segments.at(-1);
    if (last === undefined) return undefined;
    if (place === undefined) return log.segments[0]?.from;
    if (place.sequence > last.sequence) return undefined;
    if (place.sequence === last.sequence && place.offset >= last.bytes) return undefined;
    return log.segments.find(({ sequence }) => sequence >= place.sequence)?.from;
  }

  #open(log: LogOfContainer): Head {
    const lines = this.#linesOf(log);
    const head: Head = {
      log,
      line: [0, "stdout", ""],
      close: () => lines.return(),
      advance: async () => {
        for (let read = await lines.next(); !read.done; read = await lines.next()) {
          const { line, next } = read.value;
          this.#places.set(keyOf(log), next);
          if (line === undefined || this.#isTooOld(log, line) || !this.#isMeant(line)) continue;
          head.line = line;
          return true;
        }
        return false;
      },
    };
    return head;
  }

  /** All but the last segment were whole when the list was made. Of the last one that counts which was there then. */
  async *#linesOf(log: LogOfContainer): AsyncGenerator<{ line: StoredLine | undefined; next: Place }, void, void> {
    const place = this.#places.get(keyOf(log)) ?? { sequence: 0, offset: 0 };
    for (const { sequence, file, bytes } of log.segments) {
      if (sequence < place.sequence) continue;
      const offset = sequence === place.sequence ? place.offset : 0;
      for await (const { line, next } of linesFrom(file, offset, bytes))
        yield { line, next: { sequence, offset: next } };
    }
  }

  #isMeant([at, , message]: StoredLine): boolean {
    const { until = Number.POSITIVE_INFINITY, matches } = this.#range;
    return at <= until && (matches?.(message) ?? true);
  }

  #isTooOld({ task, container }: LogOfContainer, [at]: StoredLine): boolean {
    const after = this.#range.after?.[`${task}/${container}`];
    return after === undefined ? at < (this.#range.since ?? 0) : at <= after;
  }
}

interface Head {
  log: LogOfContainer;
  /** The line that is next. */
  line: StoredLine;
  advance(): Promise<boolean>;
  close(): Promise<unknown>;
}

function earliest(heads: readonly Head[]): Head | undefined {
  let first = heads[0];
  for (const head of heads) if (first !== undefined && head.line[0] < first.line[0]) first = head;
  return first;
}

async function* backwards(
  log: LogOfContainer,
): AsyncGenerator<{ line: StoredLine | undefined; place: Place; next: Place }, void, void> {
  for (const { sequence, file, bytes } of log.segments.toReversed())
    for await (const { line, offset, next } of linesBackwards(file, bytes))
      yield { line, place: { sequence, offset }, next: { sequence, offset: next } };
}

function isBefore(a: Place, b: Place): boolean {
  return a.sequence < b.sequence || (a.sequence === b.sequence && a.offset < b.offset);
}

function keyOf({ task, container }: LogOfContainer): string {
  return `${task}/${container}`;
}
