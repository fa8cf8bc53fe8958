import type { DeployStory } from "../actions/deploy-workload.ts";
import type { Context } from "./context.ts";
import { deployView } from "./render/deploy-view.ts";

/** Shows what a story tells until it has ended. Ctrl-C asks it to end: what AWS has begun goes on.
 *  @param afterInterrupt what is said when a second Ctrl-C leaves at once */
export async function followStory<Result>(
  start: (signal: AbortSignal) => AsyncGenerator<DeployStory, Result, void>,
  afterInterrupt: string,
  context: Context,
): Promise<{ result: Result; interrupted: boolean }> {
  const view = await deployView(context);
  const stop = new AbortController();
  const forget = context.interrupts.onLeave(() => {
    view.close();
    return afterInterrupt;
  });
  context.interrupts.take(() => stop.abort());
  const story = start(stop.signal);
  try {
    for (;;) {
      const step = await story.next();
      if (step.done) return { result: step.value, interrupted: stop.signal.aborted };
      view.show(step.value);
    }
  } finally {
    view.end();
    forget();
  }
}
