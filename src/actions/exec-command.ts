import { UserError } from "../errors.ts";
import { shellWords } from "../manifest/shell-words.ts";
import type { ExecRequest, ExecSession, Provider } from "../providers/provider.ts";
import { explainNotFound } from "./explain-not-found.ts";

export interface CommandToExec extends Omit<ExecRequest, "command"> {
  /** As it is typed: words, of which quotes may make one. */
  command: string;
}

/** Starts a command in a container of a deployed workload. It is split into words as the agent of ECS Exec does, and no
 *  shell looks at it. @throws UserError usage/invalid-flag, service/not-found with what to type instead, exec/* */
export async function execCommand(
  { command, ...request }: CommandToExec,
  { provider, signal }: { provider: Provider; signal: AbortSignal },
): Promise<ExecSession> {
  const words = commandWords(command);
  return provider.exec({ ...request, command: words }, signal).catch(explainNotFound(request, provider));
}

/** @throws UserError usage/invalid-flag */
export function commandWords(command: string): string[] {
  const words = shellWords(command);
  if (words === undefined || words.length === 0) {
    const problem = words === undefined ? "has a quote or an escape that is not finished" : "holds no command";
    throw new UserError("usage/invalid-flag", `--command ${problem}: ${command}`, {
      hint: `for instance --command 'sh -c "ls | wc -l"'`,
    });
  }
  return words;
}
