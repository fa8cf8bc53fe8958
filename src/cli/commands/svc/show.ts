import * as z from "zod/mini";
import { deployedManifest, showService } from "../../../actions/show-service.ts";
import { chooseApplication } from "../../choose/application.ts";
import { chooseName, missingName } from "../../choose/workload.ts";
import { command } from "../../command.ts";
import { flags, text, toggle } from "../../flags.ts";
import { paint } from "../../render/paint.ts";
import { renderService } from "../../render/service.ts";

export const svcShow = command({
  name: "svc show",
  summary: "Shows a service in each environment: addresses, size, variables, secrets by name.",
  input: z.object({
    app: flags.app,
    name: flags.workload,
    json: flags.json,
    resources: toggle({ name: "resources", description: "With what it consists of." }),
    manifest: text({
      name: "manifest",
      value: "ENV",
      description: "Only the manifest that it was deployed with to this environment.",
    }),
  }),
  exclusive: [
    ["manifest", "json"],
    ["manifest", "resources"],
  ],
  examples: ["pilotfish svc show -n api", "pilotfish svc show -n api --manifest local"],
  async run({ app: given, name: wanted, resources, manifest: env }, context) {
    const { app, workspace } = await chooseApplication(given, context);
    if (wanted === undefined && workspace === undefined) throw missingName([], context);
    const name = wanted ?? (workspace === undefined ? "" : await chooseName(wanted, workspace, context));
    const provider = await (await context.wire()).provider("local");
    if (env !== undefined) return { text: (await deployedManifest({ app, env, name }, { provider })).trimEnd() };
    const service = await showService({ app, name, resources }, { workspace, provider });
    return { text: renderService(service, paint(context.color.stdout)).join("\n"), json: service };
  },
});
