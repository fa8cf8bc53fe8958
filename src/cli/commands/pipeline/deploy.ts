import * as z from "zod/mini";
import { deployPipeline, preparePipeline, type ReadyPipeline } from "../../../actions/deploy-pipeline.ts";
import { openWorkspace } from "../../../actions/open-workspace.ts";
import { annotateDiagnostics } from "../../ci/annotate.ts";
import { appendSummary } from "../../ci/step-summary.ts";
import { showDiff } from "../../choose/diff.ts";
import { overrideChoice } from "../../choose/overrides.ts";
import { choosePipeline } from "../../choose/pipeline.ts";
import { requireApplication } from "../../choose/workload.ts";
import { shellLine } from "../../command-line.ts";
import { command } from "../../command.ts";
import type { Context } from "../../context.ts";
import { UserError } from "../../../errors.ts";
import { flags, toggle } from "../../flags.ts";
import { followStory } from "../../follow-story.ts";
import { clean } from "../../render/clean.ts";
import { markdownText } from "../../render/markdown.ts";
import { renderDiagnostics } from "../../render/diagnostics.ts";
import { paint } from "../../render/paint.ts";

export const pipelineDeploy = command({
  name: "pipeline deploy",
  summary: "Creates or updates a pipeline on AWS; also as pipeline update.",
  input: z.object({
    app: flags.app,
    name: flags.pipelineName,
    yes: flags.yes,
    diff: toggle({ name: "diff", description: "Show what it would do to the deployed pipeline, and ask." }),
    allowDowngrade: flags.allowDowngrade,
    json: flags.json,
  }),
  examples: ["pilotfish pipeline deploy -n release"],
  async run({ app, name: given, yes, diff }, context) {
    const { host, color } = context;
    const workspace = await openWorkspace(host.cwd);
    requireApplication(app, workspace);
    const name = await choosePipeline(given, workspace, context);
    const account = await (await context.wire()).account();
    const { account: id, region } = await account.identity();
    const target = `application ${workspace.application} · pipeline ${name} · account ${id}, ${region}`;
    context.say(paint(color.stderr).bold(clean(target)));
    const ready = await preparePipeline({ workspace, name, ...overrideChoice(false, context) }, { account });
    const { diagnostics, exists } = ready;
    if (diagnostics.length > 0) context.say(renderDiagnostics(diagnostics, paint(color.stderr)));
    annotateDiagnostics(diagnostics, context);
    if (!(await mayGoOn({ ready, name, yes, diff }, context))) return { text: "nothing was changed" };
    const { result, interrupted } = await followStory(
      (signal) => deployPipeline(ready, { account }, signal),
      `what CloudFormation has begun goes on: pilotfish pipeline status --name ${name}`,
      context,
    );
    const { outcome, stack } = result;
    context.emit({ type: "result", outcome, stack: ready.stack.name });
    if (interrupted) return { exitCode: 130, text: `CloudFormation goes on with the pipeline ${name}` };
    await appendSummary(
      context,
      () => `### ✅ ${markdownText(`${workspace.application}: the pipeline ${name}: ${outcome}`)}`,
    );
    if (outcome === "unchanged") return { text: `nothing has changed: the pipeline ${name} is what its manifest says` };
    const made = "SourceConnection" in ready.stack.template.Resources;
    const arn = stack?.outputs["PipelineConnectionARN"];
    return {
      text: [
        `the pipeline ${name} is deployed; follow it: pilotfish pipeline status --name ${name}`,
        ...(made && !exists ? connectionLines(arn, region) : []),
      ].join("\n"),
    };
  },
});

/** A connection that CloudFormation makes is pending until somebody has agreed to it. */
function connectionLines(arn: string | undefined, region: string): string[] {
  return [
    "",
    `its connection to the code is pending${arn === undefined ? "" : `: ${arn}`}`,
    "complete it in the console, and the pipeline starts with the next push:",
    `  https://${region}.console.aws.amazon.com/codesuite/settings/connections`,
  ];
}

/** Whether somebody wants what is to be done; without a difference to look at only a person is asked. */
async function mayGoOn(
  { ready, name, yes, diff }: { ready: ReadyPipeline; name: string; yes: boolean; diff: boolean },
  context: Context,
): Promise<boolean> {
  if (diff) {
    const { stack, facts } = ready;
    const shown = await showDiff([stack], facts, {}, context);
    context.say(shown.text ?? "");
    if (!yes && !context.interactive)
      throw new UserError("usage/missing-input", "there is nobody to ask whether to deploy this: --yes is needed", {
        hint: shellLine([...context.commandLine, "--yes"]),
      });
  }
  if (yes || !context.interactive || !(diff || ready.exists)) return true;
  const prompts = await context.prompts();
  return prompts.confirm({ message: `Deploy the pipeline ${name}?`, default: true });
}
