import * as z from "zod/mini";
import { manifestInAccount } from "../../../actions/manifest-in-account.ts";
import { deployedManifest, serviceOnAws, showService } from "../../../actions/show-service.ts";
import { chooseApplication } from "../../choose/application.ts";
import { askAwsToo } from "../../choose/aws-too.ts";
import { chooseEnvironment } from "../../choose/environment.ts";
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
    const wire = await context.wire();
    if (env !== undefined) {
      const { on } = await chooseEnvironment({ app, env }, workspace, context, ["--manifest", "--manifest"]);
      const written =
        on === "aws"
          ? await manifestInAccount({ app, env, workload: name }, await wire.account())
          : await deployedManifest({ app, env, name }, { provider: await wire.provider("local") });
      return { text: written.trimEnd() };
    }
    const asked = await askAwsToo(
      async (account) => serviceOnAws({ app, name }, { account, provider: await wire.provider("aws") }),
      workspace,
      context,
    );
    const tools = { workspace, provider: await wire.provider("local"), onAws: asked?.answer };
    const service = await showService({ app, name, resources }, tools);
    return { text: renderService(service, paint(context.color.stdout)).join("\n"), json: service };
  },
});
