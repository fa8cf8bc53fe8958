import type { ExecSession, Provider } from "../providers/provider.ts";
import type { TaskExecRequest } from "../providers/task-groups.ts";
import { noSuchGroup } from "./delete-task-group.ts";
import { UserError } from "../errors.ts";
import { commandWords } from "./exec-command.ts";

interface CommandToExecInTask extends Omit<TaskExecRequest, "command"> {
  /** As it is typed: words, of which quotes may make one. */
  command: string;
}

/** Starts a command in the container of a one-off task, as `execCommand` does in that of a workload.
 *  @throws UserError usage/invalid-flag, task/not-found, exec/* */
export async function execInTask(
  { command, ...request }: CommandToExecInTask,
  { provider, signal }: { provider: Provider; signal: AbortSignal },
): Promise<ExecSession> {
  return provider.tasks.exec({ ...request, command: commandWords(command) }, signal).catch((error: unknown) => {
    if (error instanceof UserError && error.code === "service/not-found") throw noSuchGroup(request);
    throw error;
  });
}
