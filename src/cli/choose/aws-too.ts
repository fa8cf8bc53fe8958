import { environmentFolders } from "../../actions/list-environments.ts";
import type { Workspace } from "../../actions/open-workspace.ts";
import { UserError } from "../../errors.ts";
import type { Account } from "../../providers/account.ts";
import type { Context } from "../context.ts";
import { clean } from "../render/clean.ts";

/** What AWS says, for commands that show it beside what is on this machine. Who cannot ask it gets the other part, and a
 *  note that says why; none where the workspace has no environment that would be AWS's.
 *  @param workspace that of the application; absent: there is none */
export async function askAwsToo<T>(
  ask: (account: Account) => Promise<T>,
  workspace: Workspace | undefined,
  context: Context,
): Promise<{ answer: T } | undefined> {
  try {
    return { answer: await ask(await (await context.wire()).account()) };
  } catch (error) {
    if (!(error instanceof UserError) || !error.code.startsWith("aws/")) throw error;
    if (workspace !== undefined && (await environmentFolders(workspace)).length === 0) return undefined;
    context.say(`AWS was not asked: ${error.message}`);
    return undefined;
  }
}

/** Names environments that the workspace has a folder for and that nobody has made. */
export async function sayWhatIsNotMade(
  environments: readonly { name: string }[],
  workspace: Workspace | undefined,
  context: Context,
): Promise<void> {
  const there = new Set(environments.map(({ name }) => name));
  const others = (await environmentFolders(workspace)).filter((name) => !there.has(name));
  if (others.length > 0) context.say(`not on AWS yet: ${others.map(clean).join(", ")}`);
}
