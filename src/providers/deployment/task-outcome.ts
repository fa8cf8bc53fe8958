import type { OneOffTask, TasksOutcome } from "../task-groups.ts";

/** What became of tasks, of which each has been RUNNING or has ended. Pure. */
export function outcomeOf(tasks: readonly OneOffTask[]): TasksOutcome {
  const ended = tasks.filter(({ lastStatus }) => lastStatus === "STOPPED");
  const failed = ended.filter(hasFailed);
  const exitCode = failed.find((task) => task.exitCode !== undefined)?.exitCode;
  if (failed.length > 0) return { outcome: "failed", ...(exitCode !== undefined && { exitCode }), tasks: [...tasks] };
  return { outcome: ended.length === tasks.length ? "completed" : "running", tasks: [...tasks] };
}

/** A task that somebody has stopped has failed too: it did not come to its end. */
export function hasFailed({ lastStatus, exitCode }: OneOffTask): boolean {
  return lastStatus === "STOPPED" && exitCode !== 0;
}
