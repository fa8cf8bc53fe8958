import { openWorkspaceIfAny } from "../../actions/open-workspace.ts";
import { UserError } from "../../errors.ts";
import type { TaskPlace } from "../../providers/task-groups.ts";
import { shellLine } from "../command-line.ts";
import type { Context } from "../context.ts";
import { nameOf, toggle } from "../flags.ts";
import type { BackEnd } from "../wire-contract.ts";
import { chooseEnvironment } from "./environment.ts";
import { MissingInput } from "./missing-input.ts";

export interface TaskPlaceInput {
  app?: string;
  env?: string;
  local: boolean;
  aws: boolean;
  default: boolean;
  cluster?: string;
  subnets?: string[];
  securityGroups?: string[];
}

export const groupFlag = nameOf({
  name: "task-group-name",
  short: "n",
  value: "NAME",
  description: "Name of the task group; tasks that are run under one name share image, size and logs.",
});

export const defaultFlag = toggle({
  name: "default",
  description: "On AWS, beside all environments: the default cluster, in the default VPC.",
});

/** Where tasks run: beside all environments when something says so, else in one.
 *  @throws UserError usage/invalid-flag, usage/missing-input, and as {@link chooseEnvironment} */
export async function chooseTaskPlace(
  input: TaskPlaceInput,
  context: Context,
): Promise<{ place: TaskPlace; on: BackEnd }> {
  const { app, env, local, cluster, subnets, securityGroups } = input;
  const groups = securityGroups && { securityGroups };
  const isBeside =
    input.default ||
    cluster !== undefined ||
    subnets !== undefined ||
    (groups !== undefined && app === undefined && env === undefined && !local);
  if (isBeside) {
    if (local)
      throw new UserError("usage/invalid-flag", "--local means an environment on this machine, and this one is none", {
        hint: shellLine(context.commandLine.filter((word) => word !== "--local")),
      });
    return { place: { ...(cluster !== undefined && { cluster }), ...(subnets && { subnets }), ...groups }, on: "aws" };
  }
  const found = await openWorkspaceIfAny(context.host.cwd);
  const workspace = app === undefined || app === found?.application ? found : undefined;
  const application = app ?? workspace?.application;
  if (application === undefined)
    throw new MissingInput(
      [{ flag: ["--app", "-a"], choice: "the application's name, or --default", example: "APP" }],
      context,
    );
  const chosen = await chooseEnvironment({ ...input, app: application }, workspace, context);
  return { place: { app: application, env: chosen.env, ...groups }, on: chosen.on };
}

/** How a command of ours names the place. */
export function placeFlags({ app, env, ...network }: TaskPlace, on: BackEnd): string[] {
  if (app === undefined) {
    const { cluster } = network as { cluster?: string };
    return cluster === undefined ? ["--default"] : ["--cluster", cluster];
  }
  return ["--app", app, "--env", env ?? "", ...(on === "local" && env !== "local" ? ["--local"] : [])];
}

/** `test of shop`, `the default cluster`. */
export function placeText(place: TaskPlace): string {
  if (place.app !== undefined) return `${place.env} of ${place.app}`;
  return place.cluster === undefined ? "the default cluster" : `the cluster ${place.cluster}`;
}
