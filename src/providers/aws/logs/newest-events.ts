import { filterEvents, type Range } from "./filter-events.ts";
import type { LogEvent, LogSource } from "./log-source.ts";

const hour = 3_600_000;
/** What lies further back than this is looked through at once. */
const longestStretch = 2000 * hour;

/** The newest events of a range, oldest first. CloudWatch reads forward only, so the range is looked through from its end
 *  in stretches, each longer than the one before, until there are enough.
 *  @param now where a range without an end ends */
export async function newestEvents(
  source: LogSource,
  { from = 0, to }: Range,
  limit: number,
  now: number,
  signal: AbortSignal,
): Promise<LogEvent[]> {
  let found: LogEvent[] = [];
  // What is ahead of this machine's clock is among the newest.
  let end = to;
  for (let stretch = hour; !signal.aborted; stretch *= 8) {
    const start = stretch > longestStretch ? from : Math.max(from, (end ?? now) - stretch);
    found = [...(await lastOf(source, { from: start, to: end }, limit - found.length, signal)), ...found];
    if (found.length >= limit || start <= from) break;
    end = start - 1;
  }
  return found;
}

async function lastOf(source: LogSource, range: Range, limit: number, signal: AbortSignal): Promise<LogEvent[]> {
  let last: LogEvent[] = [];
  for await (const event of filterEvents(source, range, signal)) {
    last.push(event);
    if (last.length >= 2 * limit) last = last.slice(-limit);
  }
  return last.slice(-limit);
}
