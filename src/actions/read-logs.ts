import { UserError } from "../errors.ts";
import type { LogLine, LogsRequest, Provider } from "../providers/provider.ts";
import { explainNotFound } from "./explain-not-found.ts";

/** The log lines of a deployed workload, oldest first; with `follow` until the signal aborts.
 *  @throws UserError service/not-found with what to type instead, task/not-found when no task is one of those asked for
 *  and no line came */
export async function* readLogs(
  request: LogsRequest,
  { provider, signal }: { provider: Provider; signal: AbortSignal },
): AsyncGenerator<LogLine, void, void> {
  try {
    // Who follows would wait for ever.
    if (request.follow) await checkTasks(request, provider);
    let isEmpty = true;
    for await (const line of provider.logs(request, signal)) {
      isEmpty = false;
      yield line;
    }
    if (isEmpty && !signal.aborted) await checkTasks(request, provider);
  } catch (error) {
    explainNotFound(request, provider)(error);
  }
}

/** A beginning that no task's id has is a mistake; that there is no line of a task is none. */
async function checkTasks({ tasks = [], app, env, name }: LogsRequest, provider: Provider): Promise<void> {
  if (tasks.length === 0) return;
  const status = await provider.describeWorkload({ app, env, name });
  const ids = [...status.tasks, ...status.stoppedTasks].map(({ id }) => id);
  if (tasks.some((start) => ids.some((id) => id.startsWith(start)))) return;
  const hint = ids.length === 0 ? `pilotfish svc status -n ${name} -e ${env}` : `the tasks are ${ids.join(", ")}`;
  throw new UserError("task/not-found", `no task of ${name} has an id that begins with ${tasks.join(" or ")}`, {
    hint,
  });
}
