import { environmentFolders } from "../../actions/list-environments.ts";
import { openWorkspaceIfAny } from "../../actions/open-workspace.ts";
import type { Context } from "../context.ts";
import { askAwsToo } from "./aws-too.ts";
import { chooseName, missingName, type WorkloadInput } from "./workload.ts";

/** A workload that is meant everywhere that AWS has it, as with Copilot where no environment is given. Undefined where AWS is
 *  not meant or does not have the application: a workspace without environments of AWS's, or without credentials.
 *  @throws UserError usage/missing-input, aws/* with `--aws` */
export async function chooseOnAws(
  { app: given, name, aws = false }: WorkloadInput,
  context: Context,
): Promise<{ app: string; name: string } | undefined> {
  const found = await openWorkspaceIfAny(context.host.cwd);
  const workspace = given === undefined || given === found?.application ? found : undefined;
  const app = given ?? workspace?.application;
  if (app === undefined) return undefined;
  const isMeant = aws || workspace === undefined || (await environmentFolders(workspace)).length > 0;
  if (!isMeant) return undefined;
  const account = aws ? await (await context.wire()).account() : undefined;
  const asked = account
    ? { answer: await account.records.application(app) }
    : await askAwsToo(({ records }) => records.application(app), workspace, context);
  if (asked?.answer === undefined) return undefined;
  if (name === undefined && workspace === undefined) throw missingName([], context);
  return { app, name: name ?? (workspace ? await chooseName(name, workspace, context) : "") };
}
