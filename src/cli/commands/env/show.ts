import * as z from "zod/mini";
import { describeEnvironment } from "../../../actions/describe-environment.ts";
import { openWorkspace } from "../../../actions/open-workspace.ts";
import { chooseApplication } from "../../choose/application.ts";
import { chooseEnvironment, environmentName } from "../../choose/environment.ts";
import { command } from "../../command.ts";
import { flags, toggle } from "../../flags.ts";
import { paint } from "../../render/paint.ts";
import { renderEnvironment } from "../../render/environment.ts";

export const envShow = command({
  name: "env show",
  summary: "Shows an environment and what is deployed in it.",
  input: z.object({
    app: flags.app,
    name: flags.environmentName,
    local: flags.local,
    aws: flags.aws,
    resources: toggle({ name: "resources", description: "Show what it consists of, too." }),
    manifest: toggle({ name: "manifest", description: "Print the environment's manifest instead." }),
    json: flags.json,
  }),
  exclusive: [
    ["manifest", "json"],
    ["manifest", "resources"],
  ],
  async run({ app: given, name, local, aws, resources, manifest }, context) {
    const { app, workspace } = await chooseApplication(given, context);
    const { env, on } = await chooseEnvironment({ app, env: name, local, aws }, workspace, context, environmentName);
    const wire = await context.wire();
    if (manifest && on === "aws") {
      const { manifestInAccount } = await import("../../../actions/manifest-in-account.ts");
      return { text: (await manifestInAccount({ app, env }, await wire.account())).trimEnd() };
    }
    if (manifest) {
      const source = await (workspace ?? (await openWorkspace(context.host.cwd))).readEnvironment(env);
      return { text: source.text.trimEnd() };
    }
    const provider = await wire.provider(on);
    const onAws = on === "aws" ? { account: await wire.account(), withResources: resources } : undefined;
    const tools = { provider, workspace, onAws };
    const { resources: all, ...description } = await describeEnvironment({ app, env }, tools);
    const shown = { ...description, resources: all };
    return {
      text: renderEnvironment(shown, resources, paint(context.color.stdout)).join("\n"),
      json: resources ? shown : description,
    };
  },
});
