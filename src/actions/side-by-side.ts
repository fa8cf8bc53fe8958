/** Work that tells what happens while it goes on. */
export type Work<Event, Result> = (tell: (event: Event) => void, signal: AbortSignal) => Promise<Result>;

/** Does all work at the same time: yields what each tells, in the order of time, and answers the results in the order of
 *  the work. The first that fails ends the others, and its error is thrown when all have ended. */
export async function* sideBySide<Event, Result>(
  work: readonly Work<Event, Result>[],
  signal: AbortSignal,
): AsyncGenerator<Event, Result[], void> {
  const events: Event[] = [];
  const failures: unknown[] = [];
  const giveUp = new AbortController();
  const both = AbortSignal.any([signal, giveUp.signal]);
  let wake = (): void => {};
  let running = work.length;
  const tell = (event: Event): void => {
    events.push(event);
    wake();
  };
  const results = work.map(async (each): Promise<Result | undefined> => {
    try {
      return await each(tell, both);
    } catch (error) {
      failures.push(error);
      giveUp.abort();
      return undefined;
    } finally {
      running -= 1;
      wake();
    }
  });
  try {
    while (running > 0 || events.length > 0) {
      const event = events.shift();
      if (event !== undefined) yield event;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    giveUp.abort();
  }
  const done = await Promise.all(results);
  if (failures.length > 0) throw failures[0];
  return done as Result[];
}
