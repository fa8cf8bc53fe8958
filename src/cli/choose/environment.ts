import type { Workspace } from "../../actions/open-workspace.ts";
import { environmentsNamed } from "../../actions/environments-named.ts";
import { overlayOf } from "../../actions/overlay-of.ts";
import { UserError } from "../../errors.ts";
import type { LocalProvider } from "../../providers/provider.ts";
import { shellLine, withFlag } from "../command-line.ts";
import type { Context } from "../context.ts";
import type { BackEnd } from "../wire-contract.ts";
import { MissingInput } from "./missing-input.ts";

export interface EnvironmentInput {
  /** The workspace's when absent. */
  app?: string;
  env?: string;
  local?: boolean;
  aws?: boolean;
}

type Flag = [long: string, short: string];
const environmentFlag: Flag = ["--env", "-e"];
/** For commands about environments. */
export const environmentName: Flag = ["--name", "-n"];

/** An environment, and which back end it is on. */
export interface ChosenEnvironment {
  env: string;
  on: BackEnd;
}

/** The environment to act on: `local`, which every application has, another simulated one, or one on AWS, which every
 *  other name is. `local` is taken without a question unless the application has others too, so that nobody who is used
 *  to a question is surprised. A name that a simulated environment has and the workspace uses as well may be AWS's, too:
 *  it needs `--local` or `--aws`.
 *  @param flag what the command calls the environment's name
 *  @throws UserError environment/ambiguous, environment/not-found, usage/missing-input */
export async function chooseEnvironment(
  input: EnvironmentInput,
  workspace: Workspace | undefined,
  context: Context,
  flag: Flag = environmentFlag,
): Promise<ChosenEnvironment> {
  const { app = workspace?.application, env, local = false, aws = false } = input;
  if (local && aws)
    throw new UserError("usage/invalid-flag", "--local and --aws exclude each other", {
      hint: "leave one of them out",
    });
  if (!aws && (env === "local" || (env === undefined && local))) return { env: "local", on: "local" };
  const simulated = app === undefined ? ["local"] : await simulatedEnvironments(app, context);
  if (env !== undefined) return checked({ env, local, aws }, simulated, workspace, context);
  const others = ((await workspace?.listEnvironments()) ?? []).filter((name) => name !== "local");
  if (!aws && others.length === 0 && simulated.length === 1) return { env: "local", on: "local" };
  const choices = [
    ...(aws ? [] : simulated.map((name) => ({ name: `${name} (simulator on this machine)`, env: name, on: "local" }))),
    ...others.map((name) => ({ name, env: name, on: "aws" })),
  ] as (ChosenEnvironment & { name: string })[];
  if (!context.interactive || choices.length === 0) {
    const names = [...new Set(choices.map((choice) => choice.env))];
    throw missing(names.length === 0 ? ["test"] : names, context, "", flag);
  }
  const prompts = await context.prompts();
  return prompts.select({
    message: "Which environment?",
    choices: choices.map(({ name, ...value }) => ({ name, value })),
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
  const simulated = await simulatedEnvironments(workspace.application, context);
  const names = [...new Set([...simulated, ...(await workspace.listEnvironments())])];
  if (names.length === 1) return "local";
  if (!context.interactive) throw missing(names, context, "", environmentFlag);
  const prompts = await context.prompts();
  return prompts.select({ message: "Which environment?", choices: names.map((name) => ({ name, value: name })) });
}

/** The environment that a template is for: one that the workspace names, on AWS.
 *  @throws UserError usage/missing-input */
export async function chooseEnvironmentToPackage(
  env: string | undefined,
  workspace: Workspace,
  context: Context,
): Promise<string> {
  if (env !== undefined) return env;
  const names = (await environmentsNamed(workspace)).filter((name) => name !== "local");
  const [first, ...others] = names;
  if (first !== undefined && others.length === 0) return first;
  if (first === undefined || !context.interactive) {
    const choice = first === undefined ? "the environment's name" : names.join(", ");
    throw new MissingInput([{ flag: environmentFlag, choice, example: first ?? "test" }], context);
  }
  const prompts = await context.prompts();
  return prompts.select({ message: "Which environment?", choices: names.map((name) => ({ name, value: name })) });
}

/** An environment that has a manifest in the workspace. @throws UserError usage/missing-input */
export async function chooseWrittenEnvironment(
  given: string | undefined,
  workspace: Workspace,
  context: Context,
): Promise<string> {
  if (given !== undefined) return given;
  const names = await workspace.listEnvironments();
  const [first = "test"] = names;
  if (names.length === 1) return first;
  if (!context.interactive || names.length === 0)
    throw new UserError("usage/missing-input", `--name is needed: ${names.join(", ") || "the environment's name"}`, {
      hint: shellLine(withFlag(context.commandLine, ["--name", "-n"], first)),
    });
  const prompts = await context.prompts();
  return prompts.select({ message: "Which environment?", choices: names.map((name) => ({ name, value: name })) });
}

/** How manifests are read for an environment: whose overlay counts, and the back end when the environment is certainly
 *  simulated. A name that the workspace uses is read as it stands there, whatever a simulated environment of that name was
 *  told to be like. */
export async function viewOf(
  env: string,
  workspace: Workspace,
  context: Context,
): Promise<{ overlay: string; provider?: LocalProvider }> {
  const simulated = await simulatedEnvironments(workspace.application, context);
  if (!simulated.includes(env)) return { overlay: env };
  if (env !== "local" && (await environmentsNamed(workspace)).includes(env)) return { overlay: env };
  const provider = await (await context.wire()).provider("local");
  return { overlay: await overlayOf({ app: workspace.application, env }, provider), provider };
}

/** The names of an application's simulated environments, `local` first. Starts nothing. */
async function simulatedEnvironments(app: string, context: Context): Promise<string[]> {
  const provider = await (await context.wire()).provider("local");
  return (await provider.listEnvironments(app)).map(({ name }) => name);
}

async function checked(
  { env, local, aws }: { env: string; local: boolean; aws: boolean },
  simulated: string[],
  workspace: Workspace | undefined,
  context: Context,
): Promise<ChosenEnvironment> {
  if (aws && env === "local")
    throw new UserError("usage/invalid-flag", "the environment local is always simulated on this machine", {
      hint: shellLine(context.commandLine.filter((arg) => arg !== "--aws")),
    });
  if (aws || (!simulated.includes(env) && !local)) return { env, on: "aws" };
  if (!simulated.includes(env))
    throw new UserError(
      "environment/not-found",
      `${env} is none of the simulated environments: ${simulated.join(", ")}`,
      {
        hint: `pilotfish env init --name ${env} --local`,
      },
    );
  if (local || workspace === undefined || !(await environmentsNamed(workspace)).includes(env))
    return { env, on: "local" };
  const message = `${env} is a simulated environment, and the workspace uses the name too: it may be meant for AWS`;
  const hint = `${shellLine([...context.commandLine, "--local"])}    (or with --aws)`;
  throw new UserError("environment/ambiguous", message, { hint });
}

function missing(names: string[], context: Context, more: string, flag: Flag): UserError {
  return new MissingInput([{ flag, choice: `${names.join(", ")}${more}`, example: names[0] ?? "local" }], context);
}
