import * as z from "zod/mini";
import { initApplication } from "../../../actions/init-application.ts";
import { openWorkspaceIfAny } from "../../../actions/open-workspace.ts";
import { chooseNewApplication } from "../../choose/new-application.ts";
import { command } from "../../command.ts";
import { operand } from "../../flags.ts";
import { fileLine } from "../../render/file-line.ts";

export const appInit = command({
  name: "app init",
  summary: "Makes the folder an application's workspace.",
  input: z.object({ name: operand({ name: "name", description: "Name of the application." }) }),
  examples: ["pilotfish app init shop"],
  async run({ name }, context) {
    const { cwd } = context.host;
    const application = await chooseNewApplication(name, await openWorkspaceIfAny(cwd), context);
    const { workspace, ...file } = await initApplication({ cwd, name: application });
    const next = (await workspace.listWorkloads()).length === 0 ? "svc init" : "svc deploy -e local";
    return { text: `${fileLine(file)}\n\ngo on with: pilotfish ${next}` };
  },
});
