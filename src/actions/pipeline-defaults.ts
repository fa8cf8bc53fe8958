import { gitBranch, gitRemote } from "../workspace/git.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { environmentsNamed } from "./environments-named.ts";

/** What a pipeline of a workspace would be made of, if nobody says otherwise. */
export interface PipelineDefaults {
  /** The branch that is checked out, else `main`, as in Copilot. */
  branch: string;
  /** The repository's address. */
  url: string | undefined;
  /** That the workspace names, `local` left out. */
  environments: string[];
}

export async function pipelineDefaults(workspace: Workspace): Promise<PipelineDefaults> {
  const [branch = "main", url, environments] = await Promise.all([
    gitBranch(workspace.root),
    gitRemote(workspace.root),
    environmentsNamed(workspace),
  ]);
  return { branch, url, environments: environments.filter((name) => name !== "local") };
}
