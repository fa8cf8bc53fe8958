import * as z from "zod/mini";
import { createApplication, type NewApplication } from "../../../actions/create-application.ts";
import { initApplication } from "../../../actions/init-application.ts";
import { openWorkspaceIfAny } from "../../../actions/open-workspace.ts";
import { UserError } from "../../../errors.ts";
import type { Account } from "../../../providers/account.ts";
import { appendSummary } from "../../ci/step-summary.ts";
import { chooseNewApplication } from "../../choose/new-application.ts";
import { command } from "../../command.ts";
import type { Context } from "../../context.ts";
import { flags, operand, pairs, text, toggle } from "../../flags.ts";
import { followStory } from "../../follow-story.ts";
import { fileLine } from "../../render/file-line.ts";
import { markdownText } from "../../render/markdown.ts";

export const appInit = command({
  name: "app init",
  summary: "Makes an application on AWS, and the folder its workspace.",
  input: z.object({
    name: operand({ name: "name", description: "Name of the application." }),
    domain: text({ name: "domain", value: "DOMAIN", description: "Domain with a hosted zone in this account." }),
    permissionsBoundary: text({
      name: "permissions-boundary",
      value: "POLICY",
      description: "Name of the policy that bounds every role of the application.",
    }),
    resourceTags: pairs({
      name: "resource-tags",
      value: "KEY=VALUE",
      description: "Tags of everything that the application consists of.",
    }),
    local: toggle({ name: "local", description: "Ask nothing of AWS: only make the folder a workspace." }),
    json: flags.json,
  }),
  examples: [
    "pilotfish app init shop",
    "pilotfish app init shop --domain example.com",
    "pilotfish app init shop --local",
  ],
  async run({ name, local, domain, permissionsBoundary, resourceTags, json: _ }, context) {
    const { cwd } = context.host;
    const app = await chooseNewApplication(name, await openWorkspaceIfAny(cwd), context);
    const wanted: NewApplication = { app, domain, permissionsBoundary, tags: resourceTags };
    const needsAws = domain !== undefined || permissionsBoundary !== undefined || resourceTags !== undefined;
    if (local && needsAws)
      throw new UserError(
        "usage/invalid-flag",
        "--local excludes what only AWS knows: domain, permissions boundary, tags",
      );
    const account = local ? undefined : await accountIfAny(needsAws, context);
    const { workspace, ...file } = await initApplication({ cwd, name: app });
    if (account !== undefined) await createOnAws(wanted, account, context);
    const onward = (await workspace.listWorkloads()).length === 0 ? "svc init" : "svc deploy -e local";
    const next =
      account === undefined
        ? `go on with: pilotfish ${onward}`
        : `the application ${app} is on AWS; give it an environment: pilotfish env init`;
    if (account !== undefined)
      await appendSummary(context, () => `### ✅ ${markdownText(`the application ${app} is on AWS`)}`);
    context.emit({ type: "result", application: app, aws: account !== undefined });
    return { text: [fileLine(file), "", next].join("\n") };
  },
});

/** Without credentials the simulator is all that somebody wants, unless they ask for more. */
async function accountIfAny(needed: boolean, context: Context): Promise<Account | undefined> {
  try {
    const account = await (await context.wire()).account();
    const { account: id, region } = await account.identity();
    context.say(`account ${id}, ${region}`);
    return account;
  } catch (error) {
    const absent = error instanceof UserError && ["aws/no-credentials", "aws/no-region"].includes(error.code);
    if (needed || !absent) throw error;
    context.say(`AWS is not asked: ${error.message}`);
    return undefined;
  }
}

async function createOnAws(wanted: NewApplication, account: Account, context: Context): Promise<void> {
  await followStory(
    (signal) => createApplication(wanted, { account }, signal),
    `what CloudFormation has begun goes on; run it again for the rest: pilotfish app init ${wanted.app}`,
    context,
  );
}
