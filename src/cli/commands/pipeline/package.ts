import * as z from "zod/mini";
import { openWorkspace } from "../../../actions/open-workspace.ts";
import { packagePipeline } from "../../../actions/package-pipeline.ts";
import { comparesDeployed, diffExclusive, diffFlags, type DiffInput, exitingAsDiff } from "../../choose/diff.ts";
import { chooseFacts, packageFlags } from "../../choose/facts.ts";
import { overrideChoice, overrideFlags } from "../../choose/overrides.ts";
import { choosePipeline } from "../../choose/pipeline.ts";
import { requireApplication } from "../../choose/workload.ts";
import { command, type Outcome } from "../../command.ts";
import type { Context } from "../../context.ts";
import { flags } from "../../flags.ts";
import { showPackage } from "../../show-package.ts";

export const pipelinePackage = command({
  name: "pipeline package",
  summary: "Prints the CloudFormation template of a pipeline.",
  input: z.object({ app: flags.app, name: flags.pipelineName, ...packageFlags, ...overrideFlags, ...diffFlags }),
  exclusive: diffExclusive,
  examples: ["pilotfish pipeline package -n release --output-dir infrastructure"],
  run(input, context) {
    return exitingAsDiff(input, context, (diff) => packaged(input, context, diff));
  },
});

interface PackageInput extends DiffInput {
  app?: string;
  name?: string;
  facts?: string;
  outputDir?: string;
  ignoreOverrides: boolean;
}

async function packaged(input: PackageInput, context: Context, diff: boolean): Promise<Outcome> {
  const { app, name: given, facts: file, ignoreOverrides } = input;
  const { host } = context;
  const workspace = await openWorkspace(host.cwd);
  requireApplication(app, workspace);
  const name = await choosePipeline(given, workspace, context);
  const facts = await chooseFacts(file, context, ({ facts: ask }) =>
    ask.ofPipeline({ app: workspace.application, pipeline: name, withTemplates: comparesDeployed(input) }),
  );
  const { stack, diagnostics } = await packagePipeline({
    workspace,
    name,
    facts,
    ...overrideChoice(ignoreOverrides, context),
  });
  return showPackage({ stacks: [stack], facts, diagnostics }, input, context, diff);
}
