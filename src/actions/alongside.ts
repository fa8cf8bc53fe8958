/** Two stories at the same time: yields what both tell, in the order of time, until both have ended, also when one of them
 *  fails. Whoever stops listening ends both. */
export async function* alongside<Event, Main, Beside>(
  main: AsyncGenerator<Event, Main, void>,
  beside: AsyncGenerator<Event, Beside, void>,
  onMainEnd: () => void,
): AsyncGenerator<Event, { main: Settled<Main>; beside: Settled<Beside> }, void> {
  const first = new Teller(main);
  const second = new Teller(beside);
  try {
    for (;;) {
      const open = [first, second].filter((teller) => !teller.over);
      if (open.length === 0) break;
      const { teller, event } = await Promise.race(open.map((each) => each.next()));
      teller.heard();
      if (teller === first && first.over) onMainEnd();
      if (event !== undefined) yield event.value;
    }
  } finally {
    if (!first.over) onMainEnd();
    await Promise.allSettled([first.end(), second.end()]);
  }
  return { main: first.settled as Settled<Main>, beside: second.settled as Settled<Beside> };
}

export type Settled<T> = { value: T } | { error: unknown };

class Teller<Event, Result> {
  settled: Settled<Result> | undefined;
  /** Whether its end has been heard. */
  over = false;
  readonly #story: AsyncGenerator<Event, Result, void>;
  #asked: Promise<{ teller: Teller<Event, Result>; event?: { value: Event } }> | undefined;

  constructor(story: AsyncGenerator<Event, Result, void>) {
    this.#story = story;
  }

  /** What it tells next; the same until it was heard. */
  next(): Promise<{ teller: Teller<Event, Result>; event?: { value: Event } }> {
    return (this.#asked ??= this.#step());
  }

  async #step(): Promise<{ teller: Teller<Event, Result>; event?: { value: Event } }> {
    try {
      const step = await this.#story.next();
      if (!step.done) return { teller: this, event: { value: step.value } };
      this.settled = { value: step.value };
    } catch (error) {
      this.settled = { error };
    }
    return { teller: this };
  }

  /** Ends the story where it stands. One that is on its way to its next event ends when it has come there, and is not waited
   *  for. */
  async end(): Promise<void> {
    const ending = this.#story.return(undefined as never);
    if (this.#asked === undefined) await ending;
    else ending.catch(() => undefined);
  }

  heard(): void {
    this.#asked = undefined;
    this.over = this.settled !== undefined;
  }
}
