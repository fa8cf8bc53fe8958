import * as z from "zod/mini";
import { deletePipeline, sourceSecret } from "../../../actions/delete-pipeline.ts";
import { chooseApplication } from "../../choose/application.ts";
import { chooseDeployedPipeline } from "../../choose/pipeline.ts";
import { command } from "../../command.ts";
import { confirmOrRefuse } from "../../confirm.ts";
import { flags, toggle } from "../../flags.ts";
import { followStory } from "../../follow-story.ts";
import { clean } from "../../render/clean.ts";
import { paint } from "../../render/paint.ts";

export const pipelineDelete = command({
  name: "pipeline delete",
  summary: "Removes a pipeline from AWS; its files stay.",
  input: z.object({
    app: flags.app,
    name: flags.pipelineName,
    deleteSecret: toggle({
      name: "delete-secret",
      description: "Delete the secret with the token for its source too; it can be restored for seven days.",
    }),
    yes: flags.yes,
    json: flags.json,
  }),
  async run({ app: given, name, deleteSecret, yes }, context) {
    const { app } = await chooseApplication(given, context);
    const account = await (await context.wire()).account();
    const { account: id, region } = await account.identity();
    const found = await chooseDeployedPipeline(name, app, await account.pipelines.list(app), context);
    const target = `application ${app} · pipeline ${found.name} · account ${id}, ${region}`;
    context.say(paint(context.color.stderr).bold(clean(target)));
    const secret = await sourceSecret(found, { account });
    const also = deleteSecret && secret !== undefined ? ` and the secret ${secret}` : "";
    if (!(await confirmOrRefuse(`Delete the pipeline ${found.name} of ${app}${also}?`, yes, context)))
      return { text: "nothing was deleted" };
    const { interrupted } = await followStory(
      (signal) => deletePipeline(found, { account }, signal),
      "what CloudFormation has begun goes on; run the command again for the rest",
      context,
    );
    if (interrupted) return { exitCode: 130 };
    const deleted = deleteSecret && secret !== undefined ? await account.pipelines.deleteSecret(secret) : false;
    context.emit({
      type: "result",
      outcome: "deleted",
      ...(secret !== undefined && { secret, secretDeleted: deleted }),
    });
    const kept = secret === undefined || deleted ? [] : [`the secret ${clean(secret)} is kept`];
    return { text: [`the pipeline ${found.name} is deleted; its files are still there`, ...kept].join("\n") };
  },
});
