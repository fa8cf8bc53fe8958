import * as z from "zod/mini";
import { refuseInUse } from "../../../actions/describe-environment.ts";
import { UserError } from "../../../errors.ts";
import { chooseApplication } from "../../choose/application.ts";
import { chooseEnvironment, environmentName } from "../../choose/environment.ts";
import { command } from "../../command.ts";
import { confirmOrRefuse } from "../../confirm.ts";
import type { Context } from "../../context.ts";
import { flags } from "../../flags.ts";
import { lockTimeoutFlag } from "../../lock-tools.ts";
import { clean } from "../../render/clean.ts";
import { paint } from "../../render/paint.ts";
import { targetText } from "../../render/words.ts";

export const envDelete = command({
  name: "env delete",
  summary: "Removes an environment in which nothing is deployed.",
  input: z.object({
    app: flags.app,
    name: flags.environmentName,
    local: flags.local,
    aws: flags.aws,
    lockTimeout: lockTimeoutFlag,
    yes: flags.yes,
    json: flags.json,
  }),
  examples: ["pilotfish env delete -n test", "pilotfish env delete -n test --yes"],
  async run({ app: given, name, local, aws, lockTimeout, yes }, context) {
    const { app, workspace } = await chooseApplication(given, context);
    const { env, on } = await chooseEnvironment({ app, env: name, local, aws }, workspace, context, environmentName);
    if (env === "local")
      throw new UserError("usage/invalid-flag", "the environment local is always there", {
        hint: `pilotfish app delete --name ${app}    (removes everything that the application has on this machine)`,
      });
    if (on === "local") return deleteHere({ app, env }, yes, context);
    const { deleteEnvironmentOnAws } = await import("../../delete-environment-on-aws.ts");
    return deleteEnvironmentOnAws({ app, env }, { yes, lockTimeout }, context);
  },
});

/** In the simulator. */
async function deleteHere({ app, env }: { app: string; env: string }, yes: boolean, context: Context) {
  const provider = await (await context.wire()).provider("local");
  await refuseInUse({ app, env }, provider);
  const target = await provider.target();
  context.say(paint(context.color.stderr).bold(clean(targetText({ app, env }, target))));
  context.emit({ type: "target", app, env, target });
  if (!(await confirmOrRefuse(`Delete the environment ${env} of ${app}, with its file system?`, yes, context)))
    return { text: "nothing was deleted" };
  await provider.deleteEnvironment({ app, env });
  context.emit({ type: "deleted", what: "environment", name: env });
  context.emit({ type: "result", deleted: true });
  return { text: `the environment ${env} is deleted` };
}
