/** What a story told, and what came of it. */
export async function told<E, R>(story: AsyncGenerator<E, R, void>): Promise<{ events: E[]; result: R }> {
  const events: E[] = [];
  for (;;) {
    const next = await story.next();
    if (next.done === true) return { events, result: next.value };
    events.push(next.value);
  }
}
