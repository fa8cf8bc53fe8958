import type { TaskStory } from "../../actions/task-story.ts";
import type { Context } from "../context.ts";
import { clean } from "./clean.ts";
import { stoppedTaskLines } from "./deploy-texts.ts";
import { renderLogLine } from "./log-line.ts";
import { paint } from "./paint.ts";
import { shortTask } from "./words.ts";

/** What happens to tasks, a line each: their own lines on stdout, all else on stderr. */
export function printTaskEvent(event: TaskStory, context: Context): void {
  if (context.json) return context.emit({ ...event });
  switch (event.type) {
    case "log":
      return context.host.stdout.write(`${renderLogLine(event, paint(context.color.stdout))}\n`);
    case "tasks-started":
      return context.say(
        clean(`tasks of ${event.group} in the cluster ${event.cluster}: ${event.tasks.map(shortTask).join(", ")}`),
      );
    case "task-changed": {
      const { id, lastStatus, exitCode } = event.task;
      const code = exitCode === undefined ? "" : ` (exit code ${exitCode})`;
      return context.say(clean(`task ${shortTask(id)}: ${lastStatus}${code}`));
    }
    case "task-stopped":
      for (const line of stoppedTaskLines(event.task, paint(context.color.stderr))) context.say(line);
      return;
    case "notice":
      return context.say(clean(`note: ${event.message}`));
    default:
      return;
  }
}
