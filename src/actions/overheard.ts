/** Tells a story, and has somebody hear each event first: it goes on when they have. Ends it when nobody listens any more. */
export async function* overheard<Event, Result>(
  story: AsyncGenerator<Event, Result, void>,
  hear: (event: Event) => Promise<void> | void,
): AsyncGenerator<Event, Result, void> {
  try {
    for (;;) {
      const step = await story.next();
      if (step.done) return step.value;
      await hear(step.value);
      yield step.value;
    }
  } finally {
    await story.return(undefined as never);
  }
}
