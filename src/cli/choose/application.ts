import { listApplications } from "../../actions/list-environments.ts";
import { openWorkspace, openWorkspaceIfAny, type Workspace } from "../../actions/open-workspace.ts";
import { UserError } from "../../errors.ts";
import { shellLine } from "../command-line.ts";
import type { Context } from "../context.ts";

export interface ChosenApplication {
  app: string;
  /** The workspace that the folder belongs to, when it is this application's. */
  workspace: Workspace | undefined;
}

/** The application that was given, from anywhere, or else the workspace's. @throws UserError workspace/* */
export async function chooseApplication(given: string | undefined, context: Context): Promise<ChosenApplication> {
  const { cwd } = context.host;
  if (given === undefined) {
    const workspace = await openWorkspace(cwd);
    return { app: workspace.application, workspace };
  }
  const workspace = await openWorkspaceIfAny(cwd);
  return { app: given, workspace: workspace?.application === given ? workspace : undefined };
}

/** The same for commands about applications, which ask outside of a workspace, too.
 *  @throws UserError usage/missing-input, workspace/* */
export async function chooseKnownApplication(given: string | undefined, context: Context): Promise<ChosenApplication> {
  const workspace = await openWorkspaceIfAny(context.host.cwd);
  if (given !== undefined || workspace !== undefined) return chooseApplication(given, context);
  const provider = await (await context.wire()).provider("local");
  const names = await listApplications({ provider, workspace });
  const [first] = names;
  if (first === undefined) return chooseApplication(undefined, context);
  if (!context.interactive)
    throw new UserError("usage/missing-input", `--name is needed: ${names.join(", ")}`, {
      hint: shellLine([...context.commandLine, "--name", first]),
    });
  const prompts = await context.prompts();
  const app = await prompts.select({
    message: "Which application?",
    choices: names.map((name) => ({ name, value: name })),
  });
  return { app, workspace: undefined };
}
