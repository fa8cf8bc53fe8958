import { randomUUID } from "node:crypto";
import * as z from "zod/mini";
import { deployEnvironment } from "../../../actions/deploy-environment.ts";
import { openWorkspace } from "../../../actions/open-workspace.ts";
import { chooseWrittenEnvironment } from "../../choose/environment.ts";
import { requireApplication } from "../../choose/workload.ts";
import { accountFlags, previewDeploy, previewFlags } from "../../choose/deploy-preview.ts";
import { command } from "../../command.ts";
import { appendSummary } from "../../ci/step-summary.ts";
import { flags, toggle } from "../../flags.ts";
import { lockTimeoutFlag, lockTools } from "../../lock-tools.ts";
import { followStory } from "../../follow-story.ts";
import { markdownText } from "../../render/markdown.ts";

export const envDeploy = command({
  name: "env deploy",
  summary: "Brings an environment on AWS to what its manifest says.",
  input: z.object({
    app: flags.app,
    name: flags.environmentName,
    force: toggle({ name: "force", description: "Update it although nothing has changed." }),
    noRollback: toggle({ name: "no-rollback", description: "Leave the stack as it is when it fails." }),
    detach: toggle({ name: "detach", description: "Return as soon as CloudFormation has begun." }),
    lockTimeout: lockTimeoutFlag,
    ...previewFlags,
    ...accountFlags,
    json: flags.json,
  }),
  examples: ["pilotfish env deploy -n test"],
  async run({ app, name, force, noRollback, lockTimeout, resourceTags, allowDowngrade, ...input }, context) {
    const { host } = context;
    const workspace = await openWorkspace(host.cwd);
    requireApplication(app, workspace);
    const env = await chooseWrittenEnvironment(name, workspace, context);
    if (!(await previewDeploy(input, [{ workspace, env, resourceTags }], context))) return {};
    const detach = input.detach || input.noWait;
    const account = await (await context.wire()).account();
    const { result, interrupted } = await followStory(
      (signal) =>
        deployEnvironment(
          { env, force, noRollback, detach, resourceTags, allowDowngrade },
          { workspace, ...lockTools(account, lockTimeout, context), env: host.env, newId: randomUUID },
          signal,
        ),
      `what CloudFormation has begun goes on: pilotfish env show -n ${env}`,
      context,
    );
    context.emit({ type: "result", outcome: result.outcome });
    const text = {
      created: `the environment ${env} is deployed`,
      updated: `the environment ${env} is deployed`,
      unchanged: `nothing has changed: the environment ${env} is what its manifest says`,
      detached: goesOn(env),
      interrupted: result.goesOn
        ? goesOn(env)
        : `interrupted: the environment ${env} stays as it is; go on: pilotfish env deploy -n ${env}`,
    }[result.outcome];
    const mark = { created: "✅", updated: "✅", unchanged: "✅", detached: "⏳", interrupted: "⚠️" }[result.outcome];
    await appendSummary(context, () => `### ${mark} ${markdownText(`${workspace.application}: ${text}`)}`);
    return { text, ...(interrupted && { exitCode: 130 }) };
  },
});

function goesOn(env: string): string {
  return `CloudFormation goes on with the environment ${env}; look after it: pilotfish env show -n ${env}`;
}
