import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import type { StoredLine } from "./log-file.ts";
import type { LogLimits, LogOfContainer, LogSegment } from "./kept-log.ts";
import { lastPosition, readSegments, segmentFile } from "./log-segments.ts";

/** Whole lines of one container, as they are stored. */
export interface Lines {
  text: Buffer;
  count: number;
  /** The `at` of the first and the last. */
  from: number;
  to: number;
}

interface Log {
  task: string;
  container: string;
  segments: LogSegment[];
  /** The last segment may be written on: this process has begun it, and it ends with a whole line. */
  open: boolean;
  lastSequence: number;
  writtenAt: number;
  /** Lines that could not be written since the last that could, and the `at` of the last one. */
  lost: { count: number; at: number };
}

const dayMs = 86_400_000;
/** The segments of one log are so many at least when logs of a service are cut for their size. */
const portions = 16;
const smallestSegment = 2 ** 16;

/** The log files of one service within their limits: what is oldest goes first. A segment that a former process began is
 *  not written on, so one that a crash has cut short stays as it is. Synchronous. */
export class ServiceLogs {
  readonly #folder: string;
  readonly #limits: LogLimits;
  readonly #isFull: () => boolean;
  readonly #logs = new Map<string, Log>();
  #bytes = 0;
  #files = 0;

  constructor(folder: string, limits: LogLimits, isFull = () => false) {
    this.#folder = folder;
    this.#limits = limits;
    this.#isFull = isFull;
    const found = readSegments(folder).toSorted((a, b) => a.sequence - b.sequence);
    for (const { task, container, ...segment } of found) {
      const log = this.#log(task, container);
      log.segments.push(segment);
      log.lastSequence = segment.sequence;
      log.writtenAt = Math.max(log.writtenAt, segment.writtenAt);
      this.#bytes += segment.bytes;
      this.#files += 1;
    }
  }

  /** What cannot be written is counted, and a line in its place says so as soon as one can be written again.
   *  @throws when it cannot be written */
  append(task: string, container: string, lines: Lines, now: number): void {
    const log = this.#log(task, container);
    const isWhole = log.lost.count === 0;
    const text = isWhole ? lines.text : Buffer.concat([lostLine(log.lost), lines.text]);
    const segment = this.#segmentFor(log, text.length, isWhole ? lines.from : log.lost.at, now);
    this.#makeRoom(text.length, segment);
    try {
      this.#write(segment, text);
      log.lost.count = 0;
      log.writtenAt = segment.writtenAt = now;
    } catch (error) {
      log.lost = { count: log.lost.count + lines.count, at: lines.to };
      if (segment.bytes === 0) this.#remove(log, segment);
      else log.open = false;
      throw error;
    }
  }

  /** The `at` of the newest kept line. */
  position(task: string, container: string): number | undefined {
    const segments = this.#logs.get(keyOf(task, container))?.segments ?? [];
    for (const { file } of segments.toReversed()) {
      const at = lastPosition(file);
      if (at !== undefined) return at;
    }
    return undefined;
  }

  /** That which was written last is at the end. */
  list(): LogOfContainer[] {
    return [...this.#logs.values()]
      .filter(({ segments }) => segments.length > 0)
      .toSorted((a, b) => a.writtenAt - b.writtenAt)
      .map(({ task, container, segments, writtenAt }) => ({
        task,
        container,
        segments: segments.map((segment) => ({ ...segment })),
        writtenAt,
      }));
  }

  /** Removes segments whose newest line was written before this instant. */
  expire(before: number): void {
    for (const [key, log] of this.#logs) {
      for (const segment of log.segments.filter(({ writtenAt }) => writtenAt < before)) this.#remove(log, segment);
      if (log.segments.length === 0 && log.writtenAt < before) this.#logs.delete(key);
    }
  }

  #log(task: string, container: string): Log {
    const key = keyOf(task, container);
    const known = this.#logs.get(key);
    if (known !== undefined) return known;
    const log = {
      task,
      container,
      segments: [],
      open: false,
      lastSequence: 0,
      writtenAt: 0,
      lost: { count: 0, at: 0 },
    };
    this.#logs.set(key, log);
    return log;
  }

  /** A segment holds a day at most, so that what is too old is no part of one that is not. */
  #segmentFor(log: Log, bytes: number, from: number, now: number): LogSegment {
    const current = log.segments.at(-1);
    const fits = current !== undefined && current.bytes + bytes <= this.#segmentBytes();
    if (current !== undefined && log.open && fits && now - current.sequence < dayMs) return current;
    const sequence = Math.max(log.lastSequence + 1, Math.floor(now));
    const file = segmentFile(this.#folder, log.task, log.container, sequence);
    const segment = { sequence, file, bytes: 0, from, writtenAt: now };
    log.segments.push(segment);
    log.lastSequence = sequence;
    log.open = true;
    this.#files += 1;
    return segment;
  }

  /** Small where many containers share the service's part, so that what goes with the oldest segment is old. */
  #segmentBytes(): number {
    const share = this.#limits.bytes / (portions * Math.max(1, this.#logs.size));
    return Math.min(this.#limits.segmentBytes, Math.max(smallestSegment, share));
  }

  #makeRoom(bytes: number, keep: LogSegment): void {
    while (this.#bytes + bytes > this.#limits.bytes || this.#files > this.#limits.files) {
      let oldest: { log: Log; segment: LogSegment } | undefined;
      for (const log of this.#logs.values()) {
        const [segment] = log.segments;
        if (segment === undefined || segment === keep) continue;
        if (oldest === undefined || segment.writtenAt < oldest.segment.writtenAt) oldest = { log, segment };
      }
      if (oldest === undefined) return;
      this.#remove(oldest.log, oldest.segment);
    }
  }

  #write(segment: LogSegment, text: Buffer): void {
    if (this.#isFull()) throw new Error("the disk is full");
    const descriptor = this.#open(segment.file);
    try {
      for (let at = 0; at < text.length;) at += writeSync(descriptor, text, at);
      const before = segment.bytes;
      segment.bytes = fstatSync(descriptor).size;
      this.#bytes += segment.bytes - before;
    } catch (error) {
      cutBack(descriptor, segment.bytes);
      throw error;
    } finally {
      closeSync(descriptor);
    }
  }

  #open(file: string): number {
    try {
      return openSync(file, "a", 0o600);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      return openSync(file, "a", 0o600);
    }
  }

  #remove(log: Log, segment: LogSegment): void {
    rmSync(segment.file, { force: true });
    if (segment === log.segments.at(-1)) log.open = false;
    log.segments = log.segments.filter((one) => one !== segment);
    this.#bytes -= segment.bytes;
    this.#files -= 1;
  }
}

/** Takes away what was written of lines that did not fit. The next ones go into another segment in any case. */
function cutBack(descriptor: number, bytes: number): void {
  try {
    ftruncateSync(descriptor, bytes);
  } catch {
    // Readers look no further than the bytes that count.
  }
}

function keyOf(task: string, container: string): string {
  return `${task}/${container}`;
}

/** Stands where lines are missing. */
function lostLine({ count, at }: Log["lost"]): Buffer {
  const missing = count === 1 ? "a line is" : `${count} lines are`;
  const line: StoredLine = [at, "stderr", `pilotfish: ${missing} missing here, the disk was full`];
  return Buffer.from(`${JSON.stringify(line)}\n`);
}
