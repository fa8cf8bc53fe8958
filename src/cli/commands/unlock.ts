import * as z from "zod/mini";
import { chooseApplication } from "../choose/application.ts";
import { command } from "../command.ts";
import { confirmOrRefuse } from "../confirm.ts";
import { flags } from "../flags.ts";
import { clean } from "../render/clean.ts";

export const unlock = command({
  name: "unlock",
  summary: "Frees a lock that a deployment to AWS has left, or lists those that are held.",
  input: z.object({
    app: flags.app,
    name: flags.workload,
    env: flags.environment,
    yes: flags.yes,
    json: flags.json,
  }),
  examples: ["pilotfish unlock", "pilotfish unlock -n api -e test"],
  async run({ app: given, name, env, yes }, context) {
    const { app } = await chooseApplication(given, context);
    const { locks } = await (await context.wire()).account();
    if (env === undefined) {
      const all = await locks.list({ app });
      const wanted = name === undefined ? all : all.filter(({ workload }) => workload === name);
      const lines = wanted.map(
        ({ env: of, workload, from, arn, since, doing }) =>
          `${workload ?? "the environment"} in ${of}: ${from} (${arn}) since ${since}, ${doing}`,
      );
      return { text: lines.length === 0 ? "no lock is held" : lines.map(clean).join("\n"), json: wanted };
    }
    const scope = { app, env, ...(name !== undefined && { workload: name }) };
    const what = name === undefined ? `the environment ${env}` : `${name} in ${env}`;
    const holder = await locks.holder(scope);
    if (holder === undefined) return { text: `nobody holds the lock of ${what}`, json: { freed: false } };
    context.say(clean(`${holder.from} (${holder.arn}) holds it since ${holder.since}: ${holder.doing}`));
    if (!(await confirmOrRefuse(`Free the lock of ${what}?`, yes, context)))
      return { text: "nothing was freed", json: { freed: false } };
    return { text: `the lock of ${what} is free`, json: { freed: await locks.free(scope) } };
  },
});
