import * as z from "zod/mini";
import {
  checkNewEnvironment,
  type InitialisedEnvironment,
  initEnvironment,
} from "../../../actions/init-environment.ts";
import type { Workspace } from "../../../actions/open-workspace.ts";
import { environmentsNamed } from "../../../actions/environments-named.ts";
import { UserError } from "../../../errors.ts";
import { chooseApplication } from "../../choose/application.ts";
import { command } from "../../command.ts";
import { shellLine } from "../../command-line.ts";
import type { Context } from "../../context.ts";
import { flags, text, toggle } from "../../flags.ts";
import { clean } from "../../render/clean.ts";
import { paint } from "../../render/paint.ts";
import { targetText } from "../../render/words.ts";

export const envInit = command({
  name: "env init",
  summary: "Creates an environment: with --local, a simulated one on this machine.",
  input: z.object({
    app: flags.app,
    name: flags.environmentName,
    local: toggle({ name: "local", description: "Simulate it on this machine." }),
    like: text({
      name: "like",
      value: "NAME",
      description: "Take that environment's overlay of the manifests; its own name ends that.",
      completes: "environment",
    }),
    json: flags.json,
  }),
  examples: ["pilotfish env init -n test --local", "pilotfish env init -n local --like test"],
  async run({ app: given, name: givenName, local, like, json: _ }, context) {
    const { app, workspace } = await chooseApplication(given, context);
    const name = givenName ?? (await askForName(context));
    await checkNewEnvironment({ app, name, like }, workspace);
    if (!local && name !== "local") throw onAws(name, givenName, context);
    const provider = await (await context.wire()).provider("local");
    const target = await provider.target();
    context.say(paint(context.color.stderr).bold(clean(targetText({ app, env: name }, target))));
    const initialised = await initEnvironment({ app, name, like }, provider);
    return { text: (await words(initialised, workspace)).join("\n"), json: initialised };
  },
});

async function askForName(context: Context): Promise<string> {
  if (!context.interactive)
    throw new UserError("usage/missing-input", "--name is needed: the environment's name", {
      hint: shellLine([...context.commandLine, "--name", "test"]),
    });
  const prompts = await context.prompts();
  return prompts.input({ message: "What is the name of the environment?", default: "test" });
}

function onAws(name: string, given: string | undefined, context: Context): UserError {
  const message = `environments on AWS are not in this version of pilotfish; ${name} can be simulated on this machine`;
  const named = given === undefined ? ["--name", name] : [];
  return new UserError("environment/aws", message, { hint: shellLine([...context.commandLine, ...named, "--local"]) });
}

async function words(
  { environment, outcome }: InitialisedEnvironment,
  workspace: Workspace | undefined,
): Promise<string[]> {
  const { name, like } = environment;
  if (outcome === "unchanged") return [`the environment ${name} was there and stays as it is`];
  const overlay = like === undefined ? "its own overlay" : `the overlay of ${like}`;
  if (outcome === "updated") return [`the environment ${name} takes ${overlay} from the next deploy on`];
  const isShared = workspace !== undefined && (await environmentsNamed(workspace)).includes(name);
  return [
    `created the environment ${name}; it takes ${overlay} of the manifests`,
    ...(isShared ? [`the workspace uses the name ${name} too: --local says that this one is meant`] : []),
    "",
    `deploy to it: pilotfish svc deploy -e ${name}${isShared ? " --local" : ""}`,
  ];
}
