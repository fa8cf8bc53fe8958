import { setTimeout as sleep } from "node:timers/promises";
import { type Pace, slower } from "../pace.ts";
import { filterEvents } from "./filter-events.ts";
import type { LogEvent, LogSource } from "./log-source.ts";

/** An event may arrive so long after others with a later time. */
const latestArrivalMs = 60_000;

/** Events that come from now on, each once and none left out, until the signal aborts or the group is gone.
 *  @param seen those that have been read already
 *  @param since where to begin */
export async function* followEvents(
  source: LogSource,
  { seen, since }: { seen: readonly LogEvent[]; since: number },
  pace: Pace,
  signal: AbortSignal,
): AsyncGenerator<LogEvent, void, void> {
  const told = new Map(seen.map(({ id, at }) => [id, at]));
  let newest = seen.reduce((latest, { at }) => Math.max(latest, at), since);
  for (let delay = pace.first; !signal.aborted;) {
    let some = false;
    const from = Math.max(since, newest - latestArrivalMs);
    for await (const event of filterEvents(source, { from }, signal)) {
      if (told.has(event.id)) continue;
      some = true;
      told.set(event.id, event.at);
      newest = Math.max(newest, event.at);
      yield event;
    }
    for (const [id, at] of told) if (at < newest - latestArrivalMs) told.delete(id);
    delay = some ? pace.first : slower(delay, pace);
    await sleep(delay, undefined, { signal }).catch(() => undefined);
  }
}
