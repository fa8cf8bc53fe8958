import * as z from "zod/mini";
import { applicationInAccount } from "../../../actions/application-in-account.ts";
import { describeApplication } from "../../../actions/describe-application.ts";
import { chooseKnownApplication } from "../../choose/application.ts";
import { askAwsToo, sayWhatIsNotMade } from "../../choose/aws-too.ts";
import { command } from "../../command.ts";
import { flags } from "../../flags.ts";
import { renderApplication } from "../../render/application.ts";
import { paint } from "../../render/paint.ts";

export const appShow = command({
  name: "app show",
  summary: "Shows an application: its environments, its services and where they are deployed.",
  input: z.object({ name: flags.applicationName, json: flags.json }),
  async run(input, context) {
    const { app, workspace } = await chooseKnownApplication(input.name, context, { withAws: true });
    const provider = await (await context.wire()).provider("local");
    const asked = await askAwsToo((account) => applicationInAccount(app, account), workspace, context);
    const onAws = asked && (asked.answer ?? { environments: [], workloads: [], deployed: [] });
    const description = await describeApplication(app, { provider, workspace, onAws });
    if (asked !== undefined) await sayWhatIsNotMade(description.environments, workspace, context);
    return { text: renderApplication(description, paint(context.color.stdout)).join("\n"), json: description };
  },
});
