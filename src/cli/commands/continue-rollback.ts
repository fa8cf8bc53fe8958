import * as z from "zod/mini";
import { continueRollback as goOn } from "../../actions/continue-rollback.ts";
import { chooseApplication } from "../choose/application.ts";
import { command } from "../command.ts";
import { MissingInput } from "../choose/missing-input.ts";
import { flags, list } from "../flags.ts";
import { followStory } from "../follow-story.ts";

export const continueRollback = command({
  name: "continue-rollback",
  summary: "Goes on with the rollback of a stack on AWS that CloudFormation has given up.",
  input: z.object({
    app: flags.app,
    env: flags.environment,
    name: flags.workload,
    skip: list({
      name: "skip",
      value: "IDS",
      description: "Logical IDs of resources that hold it up and are to be left as they are.",
    }),
    json: flags.json,
  }),
  examples: [
    "pilotfish continue-rollback -n api -e test",
    "pilotfish continue-rollback -e test --skip PublicLoadBalancer",
  ],
  async run({ app: given, env, name, skip = [] }, context) {
    const { app } = await chooseApplication(given, context);
    if (env === undefined)
      throw new MissingInput([{ flag: ["--env", "-e"], choice: "the environment's name", example: "test" }], context);
    const wire = await context.wire();
    const [account, provider] = await Promise.all([wire.account(), wire.provider("aws")]);
    const request = { app, env, ...(name !== undefined && { name }), skip };
    const { result } = await followStory(
      (signal) => goOn(request, { account, provider }, signal),
      "the rollback goes on",
      context,
    );
    const { outcome, stack } = result;
    context.emit({ type: "result", outcome });
    if (outcome === "interrupted") return { text: "the rollback goes on", exitCode: 130 };
    return { text: `the stack ${stack} is what it was before (UPDATE_ROLLBACK_COMPLETE), and can be deployed again` };
  },
});
