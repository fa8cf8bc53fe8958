import * as z from "zod/mini";
import {
  type ApplicationDeletion,
  type ApplicationToDelete,
  applicationToDelete,
  deleteApplication,
} from "../../../actions/delete-application.ts";
import type { Workspace } from "../../../actions/open-workspace.ts";
import { chooseKnownApplication } from "../../choose/application.ts";
import { command } from "../../command.ts";
import { confirmOrRefuse } from "../../confirm.ts";
import type { Context } from "../../context.ts";
import { flags } from "../../flags.ts";
import { lockTimeoutFlag } from "../../lock-tools.ts";
import { renderApplicationToDelete } from "../../render/application.ts";
import { clean } from "../../render/clean.ts";
import { paint } from "../../render/paint.ts";
import { targetText } from "../../render/words.ts";

export const appDelete = command({
  name: "app delete",
  summary: "Removes an application's services and environments, on this machine and on AWS; manifests stay.",
  input: z.object({ name: flags.applicationName, lockTimeout: lockTimeoutFlag, yes: flags.yes, json: flags.json }),
  examples: ["pilotfish app delete", "pilotfish app delete -n shop --yes"],
  async run({ name, lockTimeout, yes }, context) {
    const { app, workspace } = await chooseKnownApplication(name, context, { withAws: true });
    const provider = await (await context.wire()).provider("local");
    const deletion = await applicationToDelete(app, { provider, workspace });
    const target = await provider.target();
    const env = deletion.environments.map((each) => each.name).join(", ");
    context.say(paint(context.color.stderr).bold(clean(targetText({ app, env }, target))));
    context.emit({ type: "target", app, target });
    for (const line of renderApplicationToDelete(deletion)) context.say(line);
    const { applicationOnAwsIfAny } = await import("../../delete-application-on-aws.ts");
    const onAws = await applicationOnAwsIfAny(app, workspace, context);
    if (!(await confirmOrRefuse(`Delete the application ${app}?`, yes, context)))
      return { text: "nothing was deleted" };
    // The file that makes the folder its workspace goes last.
    if ((await onAws?.delete(lockTimeout)) === "interrupted") return { exitCode: 130 };
    await deleteHere(deletion, workspace, context);
    context.emit({ type: "result" });
    return { text: `the application ${app} is deleted; its manifests are still there` };
  },
});

/** In the simulator. */
async function deleteHere(deletion: ApplicationToDelete, workspace: Workspace | undefined, context: Context) {
  const provider = await (await context.wire()).provider("local");
  const forget = context.interrupts.onLeave(() => "what has been begun goes on; run the command again for the rest");
  const { signal } = new AbortController();
  try {
    for await (const event of deleteApplication(deletion, { provider, workspace, signal })) {
      context.emit({ ...event });
      context.say(clean(words(event)));
    }
  } finally {
    forget();
  }
}

function words(event: ApplicationDeletion): string {
  if (event.type === "notice") return event.message;
  const { what, env, name } = event;
  return env === undefined ? `deleted the ${what} ${name}` : `deleted the ${what} ${name} from ${env}`;
}
