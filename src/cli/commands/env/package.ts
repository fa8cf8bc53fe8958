import { randomUUID } from "node:crypto";
import * as z from "zod/mini";
import { environmentFactsFor } from "../../../actions/facts-for.ts";
import { openWorkspace } from "../../../actions/open-workspace.ts";
import { packageEnvironment } from "../../../actions/package-environment.ts";
import { uploadAddons } from "../../../actions/upload-addons.ts";
import { comparesDeployed, diffExclusive, diffFlags, type DiffInput, exitingAsDiff } from "../../choose/diff.ts";
import { chooseWrittenEnvironment } from "../../choose/environment.ts";
import { chooseFacts, packageFlags, refuseToAskOf, uploadExclusive, uploadFlag } from "../../choose/facts.ts";
import { overrideChoice, overrideFlags } from "../../choose/overrides.ts";
import { requireApplication } from "../../choose/workload.ts";
import { command, type Outcome } from "../../command.ts";
import type { Context } from "../../context.ts";
import { flags, toggle } from "../../flags.ts";
import { showPackage } from "../../show-package.ts";
import { whileWaiting } from "../../while-waiting.ts";

export const envPackage = command({
  name: "env package",
  summary: "Prints the CloudFormation template of an environment.",
  input: z.object({
    app: flags.app,
    name: flags.environmentName,
    ...packageFlags,
    ...uploadFlag,
    allowDowngrade: flags.allowDowngrade,
    force: toggle({ name: "force", description: "Have the template update the stack although nothing has changed." }),
    ...overrideFlags,
    ...diffFlags,
  }),
  exclusive: [...diffExclusive, ...uploadExclusive],
  examples: ["pilotfish env package -n test --output-dir infrastructure"],
  run(input, context) {
    return exitingAsDiff(input, context, (diff) => packaged(input, context, diff));
  },
});

interface PackageInput extends DiffInput {
  app?: string;
  name?: string;
  facts?: string;
  outputDir?: string;
  uploadAssets: boolean;
  force: boolean;
  ignoreOverrides: boolean;
}

async function packaged(input: PackageInput, context: Context, diff: boolean): Promise<Outcome> {
  const { app, name, facts: file, ignoreOverrides } = input;
  const { host } = context;
  const workspace = await openWorkspace(host.cwd);
  requireApplication(app, workspace);
  const env = await chooseWrittenEnvironment(name, workspace, context);
  refuseToAskOf(env, file, context);
  const known = await chooseFacts(file, context, async (account) => {
    const tools = { workspace, env: host.env, account };
    const { facts } = await environmentFactsFor(env, tools, { withTemplates: comparesDeployed(input) });
    if (!input.uploadAssets) return facts;
    const addonsTemplateUrl = await whileWaiting("uploading the addons", context, () =>
      uploadAddons({ workspace }, { account, facts }),
    );
    return { ...facts, ...(addonsTemplateUrl !== undefined && { addonsTemplateUrl }) };
  });
  const facts = input.force ? { ...known, lastForceDeployId: randomUUID() } : known;
  const { stack, diagnostics } = await packageEnvironment({
    workspace,
    env,
    facts,
    variables: host.env,
    ...overrideChoice(ignoreOverrides, context),
  });
  return showPackage({ stacks: [stack], facts, diagnostics }, input, context, diff);
}
