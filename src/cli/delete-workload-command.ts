import * as z from "zod/mini";
import { deleteWorkload } from "../actions/delete-workload.ts";
import { describeWorkload } from "../actions/describe-workload.ts";
import { chooseDeployed, type ChosenWorkload } from "./choose/workload.ts";
import type { deleteWorkloadOnAws } from "./delete-workload-on-aws.ts";
import { command } from "./command.ts";
import { confirmOrRefuse } from "./confirm.ts";
import type { Context } from "./context.ts";
import { flags } from "./flags.ts";
import { lockTimeoutFlag } from "./lock-tools.ts";
import { clean } from "./render/clean.ts";
import { deployView } from "./render/deploy-view.ts";
import { paint } from "./render/paint.ts";
import { targetText } from "./render/words.ts";

/** The command of a group that removes one of its workloads. */
export function deleteWorkloadCommand(group: "svc" | "job") {
  const what = group === "job" ? "job" : "service";
  return command({
    name: `${group} delete`,
    summary: `Removes a deployed ${what}; its manifest stays.`,
    input: z.object({
      app: flags.app,
      name: flags.workload,
      env: flags.environment,
      local: flags.local,
      aws: flags.aws,
      lockTimeout: lockTimeoutFlag,
      yes: flags.yes,
      json: flags.json,
    }),
    examples: [`pilotfish ${group} delete -n api -e test`, `pilotfish ${group} delete -n api --yes`],
    async run({ yes, lockTimeout, json: _, ...input }, context) {
      // Loaded where AWS may be meant: most of the simulator's users have no account.
      if (input.env === undefined && !input.local) {
        const { chooseOnAws } = await import("./choose/workload-on-aws.ts");
        const everywhere = await chooseOnAws(input, context);
        if (everywhere !== undefined) return deleteOnAws({ ...everywhere, what }, { yes, lockTimeout }, context);
      }
      const { on, ...workload } = await chooseDeployed(input, context);
      if (on === "aws") return deleteOnAws({ ...workload, what }, { yes, lockTimeout }, context);
      return deleteHere({ on, ...workload }, yes, context);
    },
  });
}

const deleteOnAws: typeof deleteWorkloadOnAws = async (...given) =>
  (await import("./delete-workload-on-aws.ts")).deleteWorkloadOnAws(...given);

/** In the simulator. */
async function deleteHere({ on: _, ...workload }: ChosenWorkload, yes: boolean, context: Context) {
  const { app, env, name } = workload;
  const provider = await (await context.wire()).provider("local");
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
  context.emit({ type: "deleted", what: "service", env, name });
  context.emit({ type: "result" });
  return { text: `${name} is deleted from ${env}; its manifest is still there` };
}
