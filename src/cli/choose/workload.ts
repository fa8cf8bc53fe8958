import { openWorkspace, openWorkspaceIfAny, type Workspace } from "../../actions/open-workspace.ts";
import { UserError } from "../../errors.ts";
import type { Context } from "../context.ts";
import { chooseEnvironment, type ChosenEnvironment } from "./environment.ts";
import { chooseBoth, MissingInput } from "./missing-input.ts";

export interface WorkloadInput {
  app?: string;
  name?: string;
  env?: string;
  local?: boolean;
  aws?: boolean;
}

/** What a command acts on. */
export interface ChosenWorkload extends ChosenEnvironment {
  app: string;
  name: string;
}

/** A workload of the workspace. What was not given is asked for, unless there is only one.
 *  @param choose asks for the name in another way
 *  @throws UserError workspace/*, usage/missing-input, usage/invalid-flag */
export async function chooseFromWorkspace(
  input: WorkloadInput,
  context: Context,
  choose: (workspace: Workspace) => Promise<string> = (workspace) => chooseName(input.name, workspace, context),
): Promise<ChosenWorkload & { workspace: Workspace }> {
  const workspace = await openWorkspace(context.host.cwd);
  requireApplication(input.app, workspace);
  const [place, name] = await chooseBoth(
    () => chooseEnvironment(input, workspace, context),
    () => choose(workspace),
    context,
  );
  return { app: workspace.application, ...place, name, workspace };
}

/** A workload that has been deployed, from a workspace or, with all flags given, from anywhere.
 *  @throws as {@link chooseFromWorkspace} */
export async function chooseDeployed(input: WorkloadInput, context: Context): Promise<ChosenWorkload> {
  const { app, name } = input;
  const workspace =
    app === undefined ? await openWorkspace(context.host.cwd) : await openWorkspaceIfAny(context.host.cwd);
  const ours = app === undefined || app === workspace?.application ? workspace : undefined;
  const [place, chosen] = await chooseBoth(
    () => chooseEnvironment(input, ours, context),
    async () => {
      if (name === undefined && ours === undefined) throw missingName([], context);
      return name ?? chooseName(name, ours as Workspace, context);
    },
    context,
  );
  return { app: app ?? ours?.application ?? "", ...place, name: chosen };
}

/** @throws UserError usage/invalid-flag when the workspace belongs to another application than was given */
export function requireApplication(given: string | undefined, workspace: Workspace): void {
  if (given === undefined || given === workspace.application) return;
  throw new UserError(
    "usage/invalid-flag",
    `--app ${given}: this workspace belongs to the application ${workspace.application}`,
    { hint: "leave --app out, or go to the other application's folder" },
  );
}

/** Which workloads are meant. */
interface Choice {
  names: string[];
  /** What people call them. */
  noun: string;
  /** How one comes about. */
  hint: string;
}

/** @param of absent: all workloads @throws UserError usage/missing-input, workspace/workload-not-found when there is none
 *  at all */
export async function chooseName(
  given: string | undefined,
  workspace: Workspace,
  context: Context,
  of?: Choice,
): Promise<string> {
  if (given !== undefined) return given;
  const services = async () => ({
    names: await workspace.listWorkloads(),
    noun: "service",
    hint: "pilotfish svc init",
  });
  const { names, noun, hint } = of ?? (await services());
  const [first] = names;
  if (first === undefined)
    throw new UserError("workspace/workload-not-found", `the application ${workspace.application} has no ${noun} yet`, {
      hint,
    });
  if (names.length === 1) return first;
  if (!context.interactive) throw missingName(names, context);
  const prompts = await context.prompts();
  return prompts.select({ message: `Which ${noun}?`, choices: names.map((name) => ({ name, value: name })) });
}

/** @returns the error of a command that cannot know which workload is meant */
export function missingName(names: string[], context: Context): UserError {
  const choice = names.length === 0 ? "the service's name" : names.join(", ");
  return new MissingInput([{ flag: ["--name", "-n"], choice, example: names[0] ?? "NAME" }], context);
}
