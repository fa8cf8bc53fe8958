import * as z from "zod/mini";
import { chooseApplication } from "../../choose/application.ts";
import { chooseDeployedPipeline } from "../../choose/pipeline.ts";
import { command } from "../../command.ts";
import { flags } from "../../flags.ts";
import { renderPipelineState } from "../../render/pipeline.ts";
import { paint } from "../../render/paint.ts";

export const pipelineStatus = command({
  name: "pipeline status",
  summary: "Shows how the stages of a deployed pipeline have come along.",
  input: z.object({ app: flags.app, name: flags.pipelineName, json: flags.json }),
  async run({ app: given, name }, context) {
    const { app } = await chooseApplication(given, context);
    const account = await (await context.wire()).account();
    const found = await chooseDeployedPipeline(name, app, await account.pipelines.list(app), context);
    const shown = { name: found.name, app, ...(await account.pipelines.state(found)) };
    return { text: renderPipelineState(shown, paint(context.color.stdout)).join("\n"), json: shown };
  },
});
