import { UserError } from "../errors.ts";
import { findWorkspace, type Workspace } from "../workspace/workspace.ts";

export type { Workspace } from "../workspace/workspace.ts";

/** The workspace that a folder belongs to. @throws UserError workspace/not-found, workspace/invalid */
export function openWorkspace(cwd: string): Promise<Workspace> {
  return findWorkspace(cwd);
}

/** The same for commands that can do without: undefined where there is none. @throws UserError workspace/invalid */
export async function openWorkspaceIfAny(cwd: string): Promise<Workspace | undefined> {
  try {
    return await findWorkspace(cwd);
  } catch (error) {
    if (error instanceof UserError && error.code === "workspace/not-found") return undefined;
    throw error;
  }
}
