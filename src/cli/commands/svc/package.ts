import * as z from "zod/mini";
import { openWorkspace } from "../../../actions/open-workspace.ts";
import { packageWorkload, writeStack } from "../../../actions/package-workload.ts";
import { readFacts } from "../../../actions/read-facts.ts";
import { UserError } from "../../../errors.ts";
import { chooseEnvironmentToRead } from "../../choose/environment.ts";
import { chooseName, requireApplication } from "../../choose/workload.ts";
import { shellLine } from "../../command-line.ts";
import { command } from "../../command.ts";
import { flags, text } from "../../flags.ts";
import { renderDiagnostics } from "../../render/diagnostics.ts";
import { paint } from "../../render/paint.ts";

export const svcPackage = command({
  name: "svc package",
  summary: "Prints the CloudFormation template of a service.",
  input: z.object({
    app: flags.app,
    name: flags.workload,
    env: flags.environment,
    facts: text({ name: "facts", value: "FILE", description: "What is known of the account and the environment." }),
    outputDir: text({
      name: "output-dir",
      value: "DIR",
      description: "Write the template and its parameters into this folder.",
    }),
  }),
  examples: ["pilotfish svc package -n api -e test --facts facts.json --output-dir infrastructure"],
  async run(input, context) {
    const { host, color } = context;
    const workspace = await openWorkspace(host.cwd);
    requireApplication(input.app, workspace);
    const env = await chooseEnvironmentToRead(input.env, workspace, context);
    const name = await chooseName(input.name, workspace, context);
    if (input.facts === undefined)
      throw new UserError(
        "usage/missing-input",
        "--facts is needed: this version does not ask AWS for the account and the environment",
        { hint: shellLine([...context.commandLine, "--facts", "facts.json"]) },
      );
    const facts = await readFacts(input.facts, host.cwd);
    const { stack, diagnostics } = await packageWorkload({ workspace, name, env, facts, variables: host.env });
    if (diagnostics.length > 0) context.say(renderDiagnostics(diagnostics, paint(color.stderr)));
    if (input.outputDir === undefined) return { text: stack.text.trimEnd() };
    for (const file of await writeStack(stack, input.outputDir, host.cwd)) context.say(`wrote ${file}`);
    return {};
  },
});
