import * as z from "zod/mini";
import { manifestInAccount } from "../actions/manifest-in-account.ts";
import { deployedManifest, serviceOnAws, showService } from "../actions/show-service.ts";
import { chooseApplication } from "./choose/application.ts";
import { askAwsToo } from "./choose/aws-too.ts";
import { chooseEnvironment } from "./choose/environment.ts";
import { chooseOfGroup, type Group, nameFlag } from "./choose/workload-group.ts";
import { chooseName, missingName } from "./choose/workload.ts";
import { command } from "./command.ts";
import { flags, text, toggle } from "./flags.ts";
import { paint } from "./render/paint.ts";
import { renderService } from "./render/service.ts";

const summaries: Record<Group, string> = {
  svc: "Shows a service in each environment: addresses, size, variables, secrets by name.",
  job: "Shows a job in each environment: size, variables, secrets by name.",
};

/** The command of a group that shows one of its workloads. */
export function showWorkloadCommand(group: Group, example: string) {
  return command({
    name: `${group} show`,
    summary: summaries[group],
    input: z.object({
      app: flags.app,
      name: nameFlag(group),
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
    examples: [`pilotfish ${group} show -n ${example}`],
    async run({ app: given, name: wanted, resources, manifest: env }, context) {
      const { app, workspace } = await chooseApplication(given, context);
      if (wanted === undefined && workspace === undefined) throw missingName([], context);
      const choose = group === "svc" ? chooseName : chooseOfGroup.bind(undefined, group);
      const name = wanted ?? (workspace === undefined ? "" : await choose(wanted, workspace, context));
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
}
