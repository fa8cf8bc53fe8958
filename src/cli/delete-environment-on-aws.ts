import { deleteEnvironment, environmentToDelete } from "../actions/delete-environment.ts";
import { confirmOrRefuse } from "./confirm.ts";
import type { Context } from "./context.ts";
import { followStory } from "./follow-story.ts";
import { lockTools } from "./lock-tools.ts";
import { clean } from "./render/clean.ts";
import { paint } from "./render/paint.ts";
import { targetText } from "./render/words.ts";

/** Removes an environment on AWS, after showing what goes and a yes. With `--json` it prints one event a line. */
export async function deleteEnvironmentOnAws(
  { app, env }: { app: string; env: string },
  { yes, lockTimeout }: { yes: boolean; lockTimeout: number | undefined },
  context: Context,
): Promise<{ text?: string; exitCode?: number }> {
  const wire = await context.wire();
  const account = await wire.account();
  const deletion = await environmentToDelete({ app, env }, { account });
  const { record, tasks } = deletion;
  const target = await (await wire.provider("aws")).target({ app, env });
  context.say(paint(context.color.stderr).bold(clean(targetText({ app, env }, target))));
  context.emit({ type: "target", app, env, target });
  const withTasks = tasks.length === 0 ? "" : `, with the tasks ${tasks.join(", ")}`;
  context.say("this removes");
  context.say(clean(`  the environment ${env} (account ${record.accountID}, ${record.region})${withTasks}`));
  context.say("  its network, its roles, its names and certificates, and its record");
  if (!(await confirmOrRefuse(`Delete the environment ${env} of ${app}?`, yes, context)))
    return { text: "nothing was deleted" };
  const { interrupted } = await followStory(
    (signal) => deleteEnvironment(deletion, lockTools(account, lockTimeout, context), signal),
    "what has been begun goes on; run the command again for the rest",
    context,
  );
  context.emit({ type: "result", deleted: !interrupted });
  if (interrupted) return { exitCode: 130 };
  return { text: `the environment ${env} is deleted; its manifest is still there` };
}
