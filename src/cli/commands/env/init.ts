import * as z from "zod/mini";
import { createEnvironment } from "../../../actions/create-environment.ts";
import { environmentsNamed } from "../../../actions/environments-named.ts";
import {
  checkNewEnvironment,
  type InitialisedEnvironment,
  initEnvironment,
} from "../../../actions/init-environment.ts";
import type { Workspace } from "../../../actions/open-workspace.ts";
import { writeEnvironmentManifest } from "../../../actions/write-environment-manifest.ts";
import { UserError } from "../../../errors.ts";
import { chooseApplication } from "../../choose/application.ts";
import { credentialFlags, credentialsOf } from "../../choose/credentials.ts";
import { newEnvironmentFlags, newEnvironmentOptions } from "../../choose/new-environment.ts";
import { command, type Outcome } from "../../command.ts";
import { shellLine } from "../../command-line.ts";
import type { Context } from "../../context.ts";
import { flags, text, toggle } from "../../flags.ts";
import { followStory } from "../../follow-story.ts";
import { clean } from "../../render/clean.ts";
import { fileLine } from "../../render/file-line.ts";
import { paint } from "../../render/paint.ts";
import { targetText } from "../../render/words.ts";

export const envInit = command({
  name: "env init",
  summary: "Creates an environment on AWS, or with --local a simulated one on this machine.",
  input: z.object({
    app: flags.app,
    name: flags.environmentName,
    allowDowngrade: flags.allowDowngrade,
    local: toggle({ name: "local", description: "Simulate it on this machine." }),
    like: text({
      name: "like",
      value: "NAME",
      description: "Simulated: take that environment's overlay of the manifests; its own name ends that.",
      completes: "environment",
    }),
    ...credentialFlags,
    ...newEnvironmentFlags,
    json: flags.json,
  }),
  examples: [
    "pilotfish env init -n test",
    "pilotfish env init -n prod --profile production --region eu-west-1",
    "pilotfish env init -n test --local",
    "pilotfish env init -n local --like test",
  ],
  async run({ app: given, name: givenName, local, like, json: _, ...more }, context) {
    const { app, workspace } = await chooseApplication(given, context);
    const name = givenName ?? (await askForName(context));
    await checkNewEnvironment({ app, name, like }, workspace);
    if (local || name === "local") return simulated({ app, name, like }, workspace, context);
    if (like !== undefined)
      throw new UserError("usage/invalid-flag", "--like is for simulated environments", {
        hint: shellLine([...context.commandLine, "--local"]),
      });
    const options = newEnvironmentOptions(more, context);
    const credentials = credentialsOf(more);
    const wire = await context.wire();
    const account = await wire.account();
    const environmentAccount = Object.keys(credentials).length === 0 ? account : await wire.account(credentials);
    const { account: id, region } = await environmentAccount.identity();
    const target = { provider: "aws" as const, label: `account ${id}, ${region}` };
    context.say(paint(context.color.stderr).bold(clean(targetText({ app, env: name }, target))));
    const files =
      workspace === undefined
        ? []
        : await writeEnvironmentManifest(name, options, { workspace, packageRoot: context.host.packageRoot });
    for (const file of files) context.say(fileLine(file));
    const { result } = await followStory(
      (signal) => createEnvironment({ app, env: name }, { account, environmentAccount }, signal),
      `what CloudFormation has begun goes on; run it again for the rest: pilotfish env init --name ${name}`,
      context,
    );
    const outcome = result === "created" ? "created" : "unchanged";
    context.emit({ type: "result", environment: { app, name, provider: "aws", account: id, region }, outcome });
    const done = result === "created" ? `created the environment ${name}` : `the environment ${name} was there`;
    return { text: `${done}; make its network and cluster: pilotfish env deploy --name ${name}` };
  },
});

async function simulated(
  request: { app: string; name: string; like?: string | undefined },
  workspace: Workspace | undefined,
  context: Context,
): Promise<Outcome> {
  const { app, name, like } = request;
  const provider = await (await context.wire()).provider("local");
  const target = await provider.target();
  context.say(paint(context.color.stderr).bold(clean(targetText({ app, env: name }, target))));
  const initialised = await initEnvironment({ app, name, ...(like !== undefined && { like }) }, provider);
  context.emit({ type: "result", ...initialised });
  return { text: (await words(initialised, workspace)).join("\n") };
}

async function askForName(context: Context): Promise<string> {
  if (!context.interactive)
    throw new UserError("usage/missing-input", "--name is needed: the environment's name", {
      hint: shellLine([...context.commandLine, "--name", "test"]),
    });
  const prompts = await context.prompts();
  return prompts.input({ message: "What is the name of the environment?", default: "test" });
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
