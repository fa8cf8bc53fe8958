import { basename } from "node:path";
import { UserError } from "../errors.ts";
import { gitRoot } from "../workspace/git.ts";
import { nameProblem, nearestName } from "../workspace/names.ts";
import { createWorkspace, type Workspace } from "../workspace/workspace.ts";

/** What to call the application of a folder: after its git repository, else after the folder itself. */
export async function suggestApplicationName(cwd: string): Promise<string> {
  return nearestName(basename((await gitRoot(cwd)) ?? cwd)) ?? nearestName(basename(cwd)) ?? "app";
}

/** Makes a folder a workspace by writing `copilot/.workspace`, unless it is one of that application already.
 *  @throws UserError usage/invalid-flag, workspace/invalid, workspace/write-failed */
export async function initApplication(request: {
  cwd: string;
  name: string;
}): Promise<{ workspace: Workspace; file: string; creation: "created" | "unchanged" }> {
  const problem = nameProblem(request.name);
  if (problem) {
    throw new UserError("usage/invalid-flag", `the application's name ${problem}: ${JSON.stringify(request.name)}`, {
      hint: `for instance ${nearestName(request.name) ?? "my-app"}`,
    });
  }
  return createWorkspace(request.cwd, request.name);
}
