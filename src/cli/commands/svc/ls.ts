import * as z from "zod/mini";
import { applicationInAccount } from "../../../actions/application-in-account.ts";
import { listServices } from "../../../actions/list-services.ts";
import { chooseApplication } from "../../choose/application.ts";
import { askAwsToo } from "../../choose/aws-too.ts";
import { command } from "../../command.ts";
import { flags, toggle } from "../../flags.ts";
import { clean } from "../../render/clean.ts";
import { renderTable } from "../../render/table.ts";

export const svcLs = command({
  name: "svc ls",
  summary: "Lists the services of the application, and where they are deployed.",
  input: z.object({
    app: flags.app,
    local: toggle({ name: "local", description: "Only services of this workspace." }),
    json: flags.json,
  }),
  async run({ app: given, local }, context) {
    const { app, workspace } = await chooseApplication(given, context);
    const provider = await (await context.wire()).provider("local");
    const asked = await askAwsToo((account) => applicationInAccount(app, account), workspace, context);
    const services = await listServices({ app, localOnly: local }, { workspace, provider, onAws: asked?.answer });
    const rows = services.map(({ name, type, environments }) => [name, type || "-", environments.join(", ") || "-"]);
    const table = renderTable([["NAME", "TYPE", "DEPLOYED"], ...rows].map((row) => row.map(clean)));
    const none = `the application ${app} has no service here; add one: pilotfish svc init`;
    return { text: services.length === 0 ? clean(none) : table.join("\n"), json: { services } };
  },
});
