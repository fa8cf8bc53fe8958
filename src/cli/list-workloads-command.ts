import * as z from "zod/mini";
import { applicationInAccount } from "../actions/application-in-account.ts";
import { listServices } from "../actions/list-services.ts";
import { chooseApplication } from "./choose/application.ts";
import { askAwsToo } from "./choose/aws-too.ts";
import { command } from "./command.ts";
import { flags, toggle } from "./flags.ts";
import { clean } from "./render/clean.ts";
import { renderTable } from "./render/table.ts";

const words = {
  svc: { noun: "service", hint: "add one: pilotfish svc init" },
  job: { noun: "job", hint: "add one: pilotfish job init" },
};

/** The command of a group that lists its workloads. */
export function listWorkloadsCommand(group: "svc" | "job") {
  const { noun, hint } = words[group];
  return command({
    name: `${group} ls`,
    summary: `Lists the ${noun}s of the application, and where they are deployed.`,
    input: z.object({
      app: flags.app,
      local: toggle({ name: "local", description: `Only ${noun}s of this workspace; AWS is not asked.` }),
      json: flags.json,
    }),
    async run({ app: given, local }, context) {
      const { app, workspace } = await chooseApplication(given, context);
      const provider = await (await context.wire()).provider("local");
      const asked = local
        ? undefined
        : await askAwsToo((account) => applicationInAccount(app, account), workspace, context);
      const found = await listServices({ app, localOnly: local }, { workspace, provider, onAws: asked?.answer });
      const listed = found.filter(({ type }) => (type === "Scheduled Job") === (group === "job"));
      const rows = listed.map(({ name, type, environments }) => [name, type || "-", environments.join(", ") || "-"]);
      const table = renderTable([["NAME", "TYPE", "DEPLOYED"], ...rows].map((row) => row.map(clean)));
      const none = `the application ${app} has no ${noun} here; ${hint}`;
      return {
        text: listed.length === 0 ? clean(none) : table.join("\n"),
        json: { [`${noun}s`]: listed },
      };
    },
  });
}
