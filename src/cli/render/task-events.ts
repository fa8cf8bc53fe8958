import type { TaskStory } from "../../actions/task-story.ts";
import type { StoppedTask } from "../../providers/provider.ts";
import type { Context } from "../context.ts";
import { clean } from "./clean.ts";
import { stoppedTaskLines } from "./deploy-texts.ts";
import { renderLogLine } from "./log-line.ts";
import { paint } from "./paint.ts";
import { shortTask } from "./words.ts";

/** What happens to tasks, a line each: their own lines on stdout, all else on stderr.
 *  @param isFollowed their lines are printed, so the last ones need not be told again */
export function printTaskEvent(event: TaskStory, isFollowed: boolean, context: Context): void {
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
      return tellStop(isFollowed ? { ...event.task, lastLogs: [] } : event.task, context);
    case "notice":
      return context.say(clean(`note: ${event.message}`));
    default:
      return;
  }
}

function tellStop(task: StoppedTask, { say, color }: Context): void {
  for (const line of stoppedTaskLines(task, paint(color.stderr))) say(line);
}
