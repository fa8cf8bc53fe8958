import * as z from "zod/mini";
import { upgradeApplication } from "../../../actions/upgrade-application.ts";
import { chooseApplication } from "../../choose/application.ts";
import { command } from "../../command.ts";
import { flags } from "../../flags.ts";
import { followStory } from "../../follow-story.ts";

export const appUpgrade = command({
  name: "app upgrade",
  summary: "Brings the stacks of an application on AWS to the templates of this version.",
  input: z.object({ name: flags.applicationName, json: flags.json }),
  examples: ["pilotfish app upgrade", "pilotfish app upgrade -n shop"],
  async run({ name }, context) {
    const { app } = await chooseApplication(name, context);
    const account = await (await context.wire()).account();
    const { account: id, region } = await account.identity();
    context.say(`account ${id}, ${region}`);
    await followStory(
      (signal) => upgradeApplication(app, { account }, signal),
      `what CloudFormation has begun goes on; run it again for the rest: pilotfish app upgrade -n ${app}`,
      context,
    );
    context.emit({ type: "result" });
    return { text: `the application ${app} is what this version makes` };
  },
});
