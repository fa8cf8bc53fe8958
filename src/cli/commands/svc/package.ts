import * as z from "zod/mini";
import { openWorkspace } from "../../../actions/open-workspace.ts";
import { packageWorkload } from "../../../actions/package-workload.ts";
import { writeStack } from "../../../actions/packaged-stack.ts";
import { chooseEnvironmentToRead } from "../../choose/environment.ts";
import { packageFlags, requireFacts } from "../../choose/facts.ts";
import { chooseName, requireApplication } from "../../choose/workload.ts";
import { command } from "../../command.ts";
import { flags } from "../../flags.ts";
import { renderDiagnostics } from "../../render/diagnostics.ts";
import { paint } from "../../render/paint.ts";

export const svcPackage = command({
  name: "svc package",
  summary: "Prints the CloudFormation template of a service.",
  input: z.object({
    app: flags.app,
    name: flags.workload,
    env: flags.environment,
    ...packageFlags,
  }),
  examples: ["pilotfish svc package -n api -e test --facts facts.json --output-dir infrastructure"],
  async run(input, context) {
    const { host, color } = context;
    const workspace = await openWorkspace(host.cwd);
    requireApplication(input.app, workspace);
    const env = await chooseEnvironmentToRead(input.env, workspace, context);
    const name = await chooseName(input.name, workspace, context);
    const facts = await requireFacts(input.facts, context);
    const { stack, diagnostics } = await packageWorkload({ workspace, name, env, facts, variables: host.env });
    if (diagnostics.length > 0) context.say(renderDiagnostics(diagnostics, paint(color.stderr)));
    if (input.outputDir === undefined) return { text: stack.text.trimEnd() };
    for (const file of await writeStack(stack, input.outputDir, host.cwd)) context.say(`wrote ${file}`);
    return {};
  },
});
