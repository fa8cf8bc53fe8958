import { closestMatch } from "leven";
import { UserError } from "../errors.ts";
import type { Environment, LocalProvider, NewEnvironment } from "../providers/provider.ts";
import { nameProblem, nearestName } from "../workspace/names.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { environmentsNamed } from "./environments-named.ts";

export interface InitialisedEnvironment {
  environment: Environment;
  outcome: "created" | "updated" | "unchanged";
}

/** Refuses a name that an environment cannot have, and an overlay that no manifest of the workspace has.
 *  @throws UserError usage/invalid-flag */
export async function checkNewEnvironment(
  { name, like }: NewEnvironment,
  workspace: Workspace | undefined,
): Promise<void> {
  const problem = nameProblem(name);
  if (problem !== undefined)
    throw new UserError("usage/invalid-flag", `--name ${problem}: ${JSON.stringify(name)}`, {
      hint: `for instance --name ${nearestName(name) ?? "test"}`,
    });
  if (like === undefined || like === name || workspace === undefined) return;
  const named = await environmentsNamed(workspace);
  if (named.includes(like)) return;
  const close = closestMatch(like, named, { maxDistance: 2 });
  throw new UserError("usage/invalid-flag", `--like ${like}: nothing in the workspace is written for ${like}`, {
    hint: close ? `did you mean ${close}?` : `there are: ${named.join(", ") || "no overlays at all"}`,
  });
}

/** Creates an environment that has been checked, or changes whose overlay it takes.
 *  @throws UserError simulator/* */
export async function initEnvironment(
  request: NewEnvironment,
  provider: LocalProvider,
): Promise<InitialisedEnvironment> {
  const { app, name } = request;
  const outcome = await provider.createEnvironment(request);
  const environment = (await provider.listEnvironments(app)).find((each) => each.name === name);
  if (environment === undefined)
    throw new UserError("environment/not-found", `the environment ${name} of ${app} was deleted at the same time`, {
      hint: `pilotfish env init --app ${app} --name ${name} --local`,
    });
  return { environment, outcome };
}
