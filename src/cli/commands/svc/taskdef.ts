import * as z from "zod/mini";
import { openWorkspace } from "../../../actions/open-workspace.ts";
import { renderTaskDefinition } from "../../../actions/render-task-definition.ts";
import { chooseEnvironmentToRead, viewOf } from "../../choose/environment.ts";
import { chooseName, requireApplication } from "../../choose/workload.ts";
import { command } from "../../command.ts";
import { flags } from "../../flags.ts";
import { renderDiagnostics } from "../../render/diagnostics.ts";
import { paint } from "../../render/paint.ts";

export const svcTaskdef = command({
  name: "svc taskdef",
  summary: "Prints the task definition that a deploy would register.",
  input: z.object({ app: flags.app, name: flags.workload, env: flags.environment }),
  examples: ["pilotfish svc taskdef -n api -e test > taskdef.json"],
  async run(input, context) {
    const { host, color } = context;
    const workspace = await openWorkspace(host.cwd);
    requireApplication(input.app, workspace);
    const env = await chooseEnvironmentToRead(input.env, workspace, context);
    const name = await chooseName(input.name, workspace, context);
    if (input.name === undefined || input.env === undefined) context.say(`task definition of ${name} in ${env}`);
    const { overlay } = await viewOf(env, workspace, context);
    const request = { workspace, name, env, overlay, variables: host.env };
    const { taskDefinition, diagnostics } = await renderTaskDefinition(request);
    if (diagnostics.length > 0) context.say(renderDiagnostics(diagnostics, paint(color.stderr)));
    return { text: JSON.stringify(taskDefinition, null, 2) };
  },
});
