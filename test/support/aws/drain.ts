/** All events of a story without their times, and what came out. */
export async function drain<E extends object, R>(
  story: AsyncGenerator<E, R, void>,
): Promise<{ events: Omit<E, "at">[]; result?: R }> {
  const events: Omit<E, "at">[] = [];
  for (;;) {
    const { value, done } = await story.next();
    if (done === true) return value === undefined ? { events } : { events, result: value };
    const { at: _, ...event } = value as E & { at?: unknown };
    events.push(event);
  }
}
