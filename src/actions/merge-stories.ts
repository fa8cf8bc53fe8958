/** Runs several stories side by side and tells what happens in the order in which it happens. When one fails, the others are
 *  not waited for. @throws what the first one that fails throws */
export async function* mergeStories<Event>(
  stories: readonly AsyncGenerator<Event, void, void>[],
): AsyncGenerator<Event, void, void> {
  const steps = new Map(stories.map((story) => [story, step(story)]));
  while (steps.size > 0) {
    const { story, result } = await Promise.race(steps.values());
    if (result.done) {
      steps.delete(story);
    } else {
      steps.set(story, step(story));
      yield result.value;
    }
  }
}

async function step<Event>(story: AsyncGenerator<Event, void, void>) {
  return { story, result: await story.next() };
}
