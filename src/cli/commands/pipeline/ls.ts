import * as z from "zod/mini";
import { listPipelines } from "../../../actions/find-pipeline.ts";
import { chooseApplication } from "../../choose/application.ts";
import { askAwsToo } from "../../choose/aws-too.ts";
import { command } from "../../command.ts";
import { flags, toggle } from "../../flags.ts";
import { clean } from "../../render/clean.ts";
import { renderTable } from "../../render/table.ts";

export const pipelineLs = command({
  name: "pipeline ls",
  summary: "Lists the pipelines of the application.",
  input: z.object({
    app: flags.app,
    local: toggle({ name: "local", description: "Only pipelines of this workspace; AWS is not asked." }),
    json: flags.json,
  }),
  async run({ app: given, local }, context) {
    const { app, workspace } = await chooseApplication(given, context);
    const written = workspace === undefined ? [] : await listPipelines(workspace);
    const asked = local ? undefined : await askAwsToo(({ pipelines }) => pipelines.list(app), workspace, context);
    const deployed = asked?.answer ?? [];
    const names = [...new Set([...written, ...deployed].map(({ name }) => name))].toSorted();
    const pipelines = names.map((name) => {
      const folder = written.find((each) => each.name === name)?.folder;
      const { stack, pipelineName, status } = deployed.find((each) => each.name === name) ?? {};
      return {
        name,
        ...(folder !== undefined && { folder }),
        ...(stack !== undefined && { stack, stackStatus: status }),
        ...(pipelineName !== undefined && { pipelineName }),
      };
    });
    const rows = pipelines.map(({ name, folder = "-", stackStatus = "-" }) => [name, folder, stackStatus]);
    const head = local ? ["NAME", "FOLDER"] : ["NAME", "FOLDER", "DEPLOYED"];
    const table = renderTable([head, ...rows.map((row) => row.slice(0, head.length).map(clean))]);
    const none = `the application ${clean(app)} has no pipeline; add one: pilotfish pipeline init`;
    return { text: pipelines.length === 0 ? none : table.join("\n"), json: { pipelines } };
  },
});
