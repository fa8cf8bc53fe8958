import * as z from "zod/mini";
import { factsWithStackSet } from "../../../actions/deployed-stacks.ts";
import { openWorkspace } from "../../../actions/open-workspace.ts";
import { packageApplication } from "../../../actions/package-application.ts";
import { comparesDeployed, diffFlag, type DiffInput, exitingAsDiff } from "../../choose/diff.ts";
import { chooseApplicationFacts, packageFlags } from "../../choose/facts.ts";
import { requireApplication } from "../../choose/workload.ts";
import { command, type Outcome } from "../../command.ts";
import type { Context } from "../../context.ts";
import { flags } from "../../flags.ts";
import { showPackage } from "../../show-package.ts";

export const appPackage = command({
  name: "app package",
  summary: "Prints the CloudFormation templates of an application.",
  input: z.object({ app: flags.app, ...packageFlags, ...diffFlag }),
  exclusive: [["diff", "outputDir"]],
  examples: ["pilotfish app package --output-dir infrastructure"],
  run(input, context) {
    return exitingAsDiff(input, context, (diff) => packaged(input, context, diff));
  },
});

interface PackageInput extends DiffInput {
  app?: string;
  facts?: string;
  outputDir?: string;
}

async function packaged(input: PackageInput, context: Context, diff: boolean): Promise<Outcome> {
  const { app, facts: file } = input;
  const { host } = context;
  const workspace = await openWorkspace(host.cwd);
  requireApplication(app, workspace);
  const given = await chooseApplicationFacts(file, context, ({ facts: ask }) =>
    ask.ofApplication(workspace.application, { withTemplates: comparesDeployed(input) }),
  );
  const facts = await factsWithStackSet(given, workspace.application, host.cwd);
  const { stacks, diagnostics } = await packageApplication({ workspace, facts });
  return showPackage({ stacks, facts, diagnostics }, input, context, diff);
}
