import * as z from "zod/mini";
import {
  type ApplicationDeletion,
  applicationToDelete,
  deleteApplication,
} from "../../../actions/delete-application.ts";
import { chooseKnownApplication } from "../../choose/application.ts";
import { command } from "../../command.ts";
import { confirmOrRefuse } from "../../confirm.ts";
import { flags } from "../../flags.ts";
import { renderApplicationToDelete } from "../../render/application.ts";
import { clean } from "../../render/clean.ts";
import { paint } from "../../render/paint.ts";
import { targetText } from "../../render/words.ts";

export const appDelete = command({
  name: "app delete",
  summary: "Removes an application's services and environments from this machine; manifests stay.",
  input: z.object({ name: flags.applicationName, yes: flags.yes, json: flags.json }),
  async run({ name, yes }, context) {
    const { app, workspace } = await chooseKnownApplication(name, context);
    const provider = await (await context.wire()).provider("local");
    const deletion = await applicationToDelete(app, { provider, workspace });
    const target = await provider.target();
    const env = deletion.environments.map((each) => each.name).join(", ");
    context.say(paint(context.color.stderr).bold(clean(targetText({ app, env }, target))));
    context.emit({ type: "target", app, target });
    for (const line of renderApplicationToDelete(deletion)) context.say(line);
    if (!(await confirmOrRefuse(`Delete the application ${app}?`, yes, context)))
      return { text: "nothing was deleted" };
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
    context.emit({ type: "result" });
    return { text: `the application ${app} is deleted; its manifests are still there` };
  },
});

function words(event: ApplicationDeletion): string {
  if (event.type === "notice") return event.message;
  const { what, env, name } = event;
  return env === undefined ? `deleted the ${what} ${name}` : `deleted the ${what} ${name} from ${env}`;
}
