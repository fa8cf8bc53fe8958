import { listApplications } from "../../actions/list-environments.ts";
import { openWorkspace, openWorkspaceIfAny, type Workspace } from "../../actions/open-workspace.ts";
import { UserError } from "../../errors.ts";
import { shellLine } from "../command-line.ts";
import type { Context } from "../context.ts";
import { askAwsToo } from "./aws-too.ts";

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

/** The same for commands about applications, which ask outside of a workspace, too, and want one that there is.
 *  @param options whether those that only AWS has are some
 *  @throws UserError usage/missing-input, workspace/*, application/not-found */
export async function chooseKnownApplication(
  given: string | undefined,
  context: Context,
  { withAws = false }: { withAws?: boolean } = {},
): Promise<ChosenApplication> {
  const workspace = await openWorkspaceIfAny(context.host.cwd);
  if (workspace !== undefined && (given ?? workspace.application) === workspace.application)
    return chooseApplication(given, context);
  const provider = await (await context.wire()).provider("local");
  const local = await listApplications({ provider, workspace });
  if (given !== undefined && local.includes(given)) return { app: given, workspace: undefined };
  const asked = withAws ? await askAwsToo(({ records }) => records.listApplications(), undefined, context) : undefined;
  const names = [...new Set([...local, ...(asked?.answer.map(({ name }) => name) ?? [])])];
  if (given !== undefined) {
    if (names.includes(given)) return { app: given, workspace: undefined };
    throw new UserError(
      "application/not-found",
      `there is no application ${given} in this folder${asked === undefined ? " or on this machine" : ", on this machine or on AWS"}`,
      {
        hint: "pilotfish app ls",
      },
    );
  }
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
