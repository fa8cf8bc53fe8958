import * as z from "zod/mini";
import { chooseApplication } from "../../choose/application.ts";
import { chooseDeployedPipeline } from "../../choose/pipeline.ts";
import { command } from "../../command.ts";
import { flags, toggle } from "../../flags.ts";
import { renderPipeline } from "../../render/pipeline.ts";
import { paint } from "../../render/paint.ts";

export const pipelineShow = command({
  name: "pipeline show",
  summary: "Shows what a deployed pipeline consists of.",
  input: z.object({
    app: flags.app,
    name: flags.pipelineName,
    resources: toggle({ name: "resources", description: "Show what its stack has made as well." }),
    json: flags.json,
  }),
  async run({ app: given, name, resources }, context) {
    const { app } = await chooseApplication(given, context);
    const account = await (await context.wire()).account();
    const found = await chooseDeployedPipeline(name, app, await account.pipelines.list(app), context);
    const [description, made] = await Promise.all([
      account.pipelines.describe(found),
      resources ? account.stacks.resources(found.stack, {}) : undefined,
    ]);
    const shown = {
      name: found.name,
      app,
      stack: found.stack,
      ...description,
      ...(made && {
        resources: Object.entries(made).map(([logicalId, { type, physicalId }]) => ({ logicalId, type, physicalId })),
      }),
    };
    return { text: renderPipeline(shown, paint(context.color.stdout)).join("\n"), json: shown };
  },
});
