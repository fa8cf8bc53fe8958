import * as z from "zod/mini";
import { deleteWorkload } from "../../../actions/delete-workload.ts";
import { describeWorkload } from "../../../actions/describe-workload.ts";
import { chooseDeployed } from "../../choose/workload.ts";
import { command } from "../../command.ts";
import { confirmOrRefuse } from "../../confirm.ts";
import { flags } from "../../flags.ts";
import { clean } from "../../render/clean.ts";
import { deployView } from "../../render/deploy-view.ts";
import { paint } from "../../render/paint.ts";
import { targetText } from "../../render/words.ts";

export const svcDelete = command({
  name: "svc delete",
  summary: "Removes a deployed service; its manifest stays.",
  input: z.object({
    app: flags.app,
    name: flags.workload,
    env: flags.environment,
    local: flags.local,
    aws: flags.aws,
    yes: flags.yes,
    json: flags.json,
  }),
  async run({ yes, ...input }, context) {
    const { on, ...workload } = await chooseDeployed(input, context);
    const { app, env, name } = workload;
    const provider = await (await context.wire()).provider(on);
    await describeWorkload(workload, { provider });
    const question = `Delete ${name} of ${app} from ${env}, with its tasks and logs?`;
    const target = await provider.target();
    context.say(paint(context.color.stderr).bold(clean(targetText(workload, target))));
    context.emit({ type: "target", app, env, name, target });
    if (!(await confirmOrRefuse(question, yes, context))) return { text: "nothing was deleted" };
    const view = await deployView(context);
    const forget = context.interrupts.onLeave(() => {
      view.close();
      return `the removal of ${name} goes on`;
    });
    const signal = new AbortController().signal;
    try {
      for await (const event of deleteWorkload(workload, { provider, signal })) view.show(event);
    } finally {
      view.end();
      forget();
    }
    context.emit({ type: "result" });
    return { text: `${name} is deleted from ${env}; its manifest is still there` };
  },
});
