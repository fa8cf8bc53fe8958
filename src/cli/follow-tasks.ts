import type { TaskStory } from "../actions/task-story.ts";
import type { TasksOutcome } from "../providers/task-groups.ts";
import type { Context } from "./context.ts";
import { clean } from "./render/clean.ts";
import { deployView } from "./render/deploy-view.ts";
import { paint } from "./render/paint.ts";
import { printTaskEvent } from "./render/task-events.ts";
import { targetOfTask } from "./render/task-target.ts";

/** Shows what comes before tasks as it shows a deploy, and then the tasks and their lines. Ctrl-C ends it, and the tasks go
 *  on. @param goesOn what is said of them @param isFollowed their lines are told */
export async function followTasks(
  start: (signal: AbortSignal) => AsyncGenerator<TaskStory, TasksOutcome, void>,
  { goesOn, isFollowed }: { goesOn: string; isFollowed: boolean },
  context: Context,
): Promise<{ outcome: TasksOutcome; interrupted: boolean }> {
  const view = await deployView(context);
  const stop = new AbortController();
  let haveStarted = false;
  const forget = context.interrupts.onLeave(() => {
    view.close();
    return haveStarted ? goesOn : undefined;
  });
  context.interrupts.take(() => stop.abort());
  context.host.stdout.closed.addEventListener("abort", () => stop.abort());
  try {
    const story = start(stop.signal);
    for (;;) {
      const step = await story.next();
      if (step.done) return { outcome: step.value, interrupted: stop.signal.aborted };
      const event = step.value;
      if (event.type === "task-target") {
        context.say(paint(context.color.stderr).bold(clean(targetOfTask(event))));
        context.emit({ ...event });
        continue;
      }
      if (event.type === "tasks-started") {
        view.end();
        haveStarted = true;
      }
      if (haveStarted || event.type === "tasks-started" || event.type === "task-changed" || event.type === "log")
        printTaskEvent(event, isFollowed, context);
      else view.show(event);
    }
  } finally {
    view.end();
    forget();
  }
}
