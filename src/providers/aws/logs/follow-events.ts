import { setTimeout as sleep } from "node:timers/promises";
import { type Pace, slower } from "../pace.ts";
import { filterEvents } from "./filter-events.ts";
import type { LogEvent, LogSource } from "./log-source.ts";

/** An event may arrive so long after others with a later time. */
const latestArrivalMs = 60_000;

interface Beginning {
  /** Those that have been read already. */
  seen: readonly LogEvent[];
  /** Where to begin. */
  since: number;
}

/** Events that come from now on, each once and none left out, until the signal aborts or the group is gone. */
export async function* followEvents(
  source: LogSource,
  beginning: Beginning,
  pace: Pace,
  signal: AbortSignal,
): AsyncGenerator<LogEvent, void, void> {
  const news = new NewEvents(source, beginning);
  for (let delay = pace.first; !signal.aborted;) {
    const some = yield* news.look(signal);
    delay = some ? pace.first : slower(delay, pace);
    await sleep(delay, undefined, { signal }).catch(() => undefined);
  }
}

/** What there is of events that has not been read before. */
export class NewEvents {
  readonly #source: LogSource;
  readonly #since: number;
  readonly #told: Map<string, number>;
  #newest: number;

  constructor(source: LogSource, { seen, since }: Beginning) {
    this.#source = source;
    this.#since = since;
    this.#told = new Map(seen.map(({ id, at }) => [id, at]));
    this.#newest = seen.reduce((latest, { at }) => Math.max(latest, at), since);
  }

  /** @returns whether there were any */
  async *look(signal: AbortSignal): AsyncGenerator<LogEvent, boolean, void> {
    let some = false;
    const from = Math.max(this.#since, this.#newest - latestArrivalMs);
    for await (const event of filterEvents(this.#source, { from }, signal)) {
      if (this.#told.has(event.id)) continue;
      some = true;
      this.#told.set(event.id, event.at);
      this.#newest = Math.max(this.#newest, event.at);
      yield event;
    }
    for (const [id, at] of this.#told) if (at < this.#newest - latestArrivalMs) this.#told.delete(id);
    return some;
  }
}
