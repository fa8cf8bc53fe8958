import * as z from "zod/mini";
import { listEnvironments } from "../../../actions/list-environments.ts";
import { chooseApplication } from "../../choose/application.ts";
import { askAwsToo, sayWhatIsNotMade } from "../../choose/aws-too.ts";
import { command } from "../../command.ts";
import { flags } from "../../flags.ts";
import { clean } from "../../render/clean.ts";

export const envLs = command({
  name: "env ls",
  summary: "Lists the environments of an application.",
  input: z.object({ app: flags.app, json: flags.json }),
  async run(input, context) {
    const { app, workspace } = await chooseApplication(input.app, context);
    const provider = await (await context.wire()).provider("local");
    const asked = await askAwsToo(({ records }) => records.listEnvironments(app), workspace, context);
    const environments = await listEnvironments(app, { provider, workspace, records: asked?.answer });
    if (asked !== undefined) await sayWhatIsNotMade(environments, workspace, context);
    const names = new Set(environments.map(({ name }) => name));
    return { text: [...names].map(clean).join("\n"), json: { environments } };
  },
});
