import {
  type ApplicationOnAws,
  applicationOnAws,
  deleteApplicationOnAws,
} from "../actions/delete-application-on-aws.ts";
import { environmentFolders } from "../actions/list-environments.ts";
import type { Workspace } from "../actions/open-workspace.ts";
import { UserError } from "../errors.ts";
import type { Account } from "../providers/account.ts";
import type { Context } from "./context.ts";
import { followStory } from "./follow-story.ts";
import { lockTools } from "./lock-tools.ts";
import { clean } from "./render/clean.ts";
import { paint } from "./render/paint.ts";
import { renderTable } from "./render/table.ts";
import { targetText } from "./render/words.ts";

/** What AWS has of an application, which is shown; undefined where it has nothing, or where there are no credentials to ask
 *  with, which is said where the workspace has environments that would be AWS's.
 *  @throws UserError aws/* for any other reason not to be asked: half an application is not deleted by mistake */
export async function applicationOnAwsIfAny(
  app: string,
  workspace: Workspace | undefined,
  context: Context,
): Promise<{ delete(lockTimeout: number | undefined): Promise<"deleted" | "interrupted"> } | undefined> {
  const account = await accountIfAny(workspace, context);
  const found = account && (await applicationOnAws(app, { account }));
  if (account === undefined || found === undefined) return undefined;
  const target = await (await (await context.wire()).provider("aws")).target();
  const env = found.environments.map(({ name }) => name).join(", ") || "none";
  context.say(paint(context.color.stderr).bold(clean(targetText({ app, env }, target))));
  context.emit({ type: "target", app, target });
  for (const line of whatGoes(found)) context.say(clean(line));
  return {
    async delete(lockTimeout) {
      const { interrupted } = await followStory(
        (signal) => deleteApplicationOnAws(found, lockTools(account, lockTimeout, context), signal),
        "what has been begun goes on; run the command again for the rest",
        context,
      );
      return interrupted ? "interrupted" : "deleted";
    },
  };
}

async function accountIfAny(workspace: Workspace | undefined, context: Context): Promise<Account | undefined> {
  try {
    const account = await (await context.wire()).account();
    await account.identity();
    return account;
  } catch (error) {
    const absent = error instanceof UserError && ["aws/no-credentials", "aws/no-region"].includes(error.code);
    if (!absent) throw error;
    if ((await environmentFolders(workspace)).length > 0)
      context.say(`AWS was not asked, and what it has stays: ${error.message}`);
    return undefined;
  }
}

function whatGoes({ app, environments, workloads, deployed, pipelines }: ApplicationOnAws): string[] {
  const rows = environments.map(({ name, accountID, region }) => {
    const names = deployed.filter(({ env }) => env === name).map((each) => each.name);
    return [
      "environment",
      name,
      `account ${accountID}, ${region}`,
      names.length === 0 ? "" : `with ${names.join(", ")}`,
    ];
  });
  const repositories = workloads.map(({ name }) => name).join(", ");
  return [
    "this removes from AWS, with logs, file systems and images",
    ...renderTable(rows).map((line) => `  ${line}`),
    ...pipelines.map(({ tags, name }) => `  pipeline ${tags["copilot-pipeline"] ?? name}`),
    `  the application's buckets, keys and roles${repositories === "" ? "" : `, and the repositories of ${repositories}`}`,
    `  its records; secrets stay: aws ssm get-parameters-by-path --path /copilot/${app}/ --recursive`,
  ];
}
