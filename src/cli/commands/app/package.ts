import * as z from "zod/mini";
import { openWorkspace } from "../../../actions/open-workspace.ts";
import { packageApplication } from "../../../actions/package-application.ts";
import { writeStack } from "../../../actions/packaged-stack.ts";
import { packageFlags, requireApplicationFacts } from "../../choose/facts.ts";
import { requireApplication } from "../../choose/workload.ts";
import { command } from "../../command.ts";
import { flags } from "../../flags.ts";
import { renderDiagnostics } from "../../render/diagnostics.ts";
import { paint } from "../../render/paint.ts";

export const appPackage = command({
  name: "app package",
  summary: "Prints the CloudFormation templates of an application.",
  input: z.object({ app: flags.app, ...packageFlags }),
  examples: ["pilotfish app package --facts facts.json --output-dir infrastructure"],
  async run({ app, facts: file, outputDir }, context) {
    const { host, color } = context;
    const workspace = await openWorkspace(host.cwd);
    requireApplication(app, workspace);
    const facts = await requireApplicationFacts(file, context);
    const { stacks, diagnostics } = await packageApplication({ workspace, facts });
    if (diagnostics.length > 0) context.say(renderDiagnostics(diagnostics, paint(color.stderr)));
    if (outputDir === undefined) return { text: stacks.map(({ text }) => text.trimEnd()).join("\n---\n") };
    for (const stack of stacks)
      for (const written of await writeStack(stack, outputDir, host.cwd)) context.say(`wrote ${written}`);
    return {};
  },
});
