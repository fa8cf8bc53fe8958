import { taskCommandOf, workloadOf } from "../actions/task-command-of.ts";
import { UserError } from "../errors.ts";
import { chooseEnvironment } from "./choose/environment.ts";
import { openWorkspaceIfAny } from "../actions/open-workspace.ts";
import type { Outcome } from "./command.ts";
import { shellLine } from "./command-line.ts";
import type { Context } from "./context.ts";

/** Prints the command that runs a task as a deployed workload runs. @throws UserError usage/invalid-flag, service/not-found */
export async function printTaskCommand(
  text: string,
  { local, aws }: { local: boolean; aws: boolean },
  context: Context,
): Promise<Outcome> {
  refuseOthers(context);
  const workload = workloadOf(text);
  const found = await openWorkspaceIfAny(context.host.cwd);
  const workspace = found?.application === workload.app ? found : undefined;
  const { on } = await chooseEnvironment({ ...workload, local, aws }, workspace, context);
  const provider = await (await context.wire()).provider(on);
  const { words, leftOut } = await taskCommandOf(workload, { provider });
  for (const each of leftOut) context.say(`note: without ${each}`);
  const line = shellLine(words);
  return { text: line, json: { command: line, leftOut } };
}

/** As with Copilot, what is asked for stands alone. */
function refuseOthers({ commandLine }: Context): void {
  const own = /^--(generate-cmd|json|local|aws|no-color|debug)(=|$)/;
  const other = commandLine.slice(2).find((word) => word.startsWith("-") && !own.test(word));
  if (other === undefined) return;
  throw new UserError("usage/invalid-flag", `--generate-cmd and ${other.split("=", 1)[0]} exclude each other`, {
    hint: "leave one of them out: pilotfish task run --help",
  });
}
