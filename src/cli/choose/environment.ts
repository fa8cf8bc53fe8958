import type { Workspace } from "../../actions/open-workspace.ts";
import { UserError } from "../../errors.ts";
import { shellLine, withFlag } from "../command-line.ts";
import type { Context } from "../context.ts";

const environmentFlag: [string, string] = ["--env", "-e"];

/** The environment to act on: `local`, which every application has. It is taken without a question unless the
 *  application has others too, so that nobody who is used to a question is surprised.
 *  @throws UserError environment/aws, usage/missing-input */
export async function chooseEnvironment(
  { env, local = false }: { env?: string; local?: boolean },
  workspace: Workspace | undefined,
  context: Context,
): Promise<string> {
  if (env !== undefined && env !== "local") throw notHere(env, local, context);
  if (env !== undefined || local) return "local";
  const others = ((await workspace?.listEnvironments()) ?? []).filter((name) => name !== "local");
  if (others.length === 0) return "local";
  if (!context.interactive)
    throw missing(["local"], context, ` (on AWS, and not in this version: ${others.join(", ")})`);
  const prompts = await context.prompts();
  return prompts.select({
    message: "Which environment?",
    choices: [
      { name: "local (simulator on this machine)", value: "local" },
      ...others.map((name) => ({ name, value: name, disabled: "(AWS: not in this version)" })),
    ],
  });
}

/** The environment whose view of the manifest is asked for; nothing is done in it, so it may be any.
 *  @throws UserError usage/missing-input */
export async function chooseEnvironmentToRead(
  env: string | undefined,
  workspace: Workspace,
  context: Context,
): Promise<string> {
  if (env !== undefined) return env;
  const names = [...new Set(["local", ...(await workspace.listEnvironments())])];
  if (names.length === 1) return "local";
  if (!context.interactive) throw missing(names, context, "");
  const prompts = await context.prompts();
  return prompts.select({ message: "Which environment?", choices: names.map((name) => ({ name, value: name })) });
}

function notHere(env: string, local: boolean, context: Context): UserError {
  const command = shellLine(withFlag(context.commandLine, environmentFlag, "local"));
  if (local)
    return new UserError("usage/not-in-this-version", "this version has one simulated environment, named local", {
      hint: command,
    });
  return new UserError(
    "environment/aws",
    `${env} is an AWS environment, and this version of pilotfish deploys to the simulator on this machine only`,
    { hint: command },
  );
}

function missing(names: string[], context: Context, more: string): UserError {
  return new UserError("usage/missing-input", `--env is needed: ${names.join(", ")}${more}`, {
    hint: shellLine(withFlag(context.commandLine, environmentFlag, names[0] ?? "local")),
  });
}
