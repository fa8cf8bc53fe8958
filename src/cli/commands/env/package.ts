import * as z from "zod/mini";
import { openWorkspace, type Workspace } from "../../../actions/open-workspace.ts";
import { packageEnvironment } from "../../../actions/package-environment.ts";
import { writeStack } from "../../../actions/packaged-stack.ts";
import { UserError } from "../../../errors.ts";
import { diffExclusive, diffFlags, type DiffInput, exitingAsDiff, showDiff } from "../../choose/diff.ts";
import { packageFlags, requireFacts } from "../../choose/facts.ts";
import { overrideChoice, overrideFlags } from "../../choose/overrides.ts";
import { requireApplication } from "../../choose/workload.ts";
import { shellLine, withFlag } from "../../command-line.ts";
import { command, type Outcome } from "../../command.ts";
import type { Context } from "../../context.ts";
import { flags } from "../../flags.ts";
import { renderDiagnostics } from "../../render/diagnostics.ts";
import { paint } from "../../render/paint.ts";

export const envPackage = command({
  name: "env package",
  summary: "Prints the CloudFormation template of an environment.",
  input: z.object({ app: flags.app, name: flags.environmentName, ...packageFlags, ...overrideFlags, ...diffFlags }),
  exclusive: diffExclusive,
  examples: ["pilotfish env package -n test --facts facts.json --output-dir infrastructure"],
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
  const { app, name, facts: file, outputDir, ignoreOverrides } = input;
  const { host, color } = context;
  const workspace = await openWorkspace(host.cwd);
  requireApplication(app, workspace);
  const env = await chooseWritten(name, workspace, context);
  const facts = await requireFacts(file, context);
  const { stack, diagnostics } = await packageEnvironment({
    workspace,
    env,
    facts,
    variables: host.env,
    ...overrideChoice(ignoreOverrides, context),
  });
  if (diagnostics.length > 0) context.say(renderDiagnostics(diagnostics, paint(color.stderr)));
  if (diff) return showDiff([stack], facts, input, context);
  if (outputDir === undefined) return { text: stack.text.trimEnd() };
  for (const written of await writeStack(stack, outputDir, host.cwd)) context.say(`wrote ${written}`);
  return {};
}

/** An environment that has a manifest in the workspace. @throws UserError usage/missing-input */
async function chooseWritten(given: string | undefined, workspace: Workspace, context: Context): Promise<string> {
  if (given !== undefined) return given;
  const names = await workspace.listEnvironments();
  const [first = "test"] = names;
  if (names.length === 1) return first;
  if (!context.interactive || names.length === 0)
    throw new UserError("usage/missing-input", `--name is needed: ${names.join(", ") || "the environment's name"}`, {
      hint: shellLine(withFlag(context.commandLine, ["--name", "-n"], first)),
    });
  const prompts = await context.prompts();
  return prompts.select({ message: "Which environment?", choices: names.map((name) => ({ name, value: name })) });
}
