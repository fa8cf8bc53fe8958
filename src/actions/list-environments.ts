import type { EnvironmentRecord } from "../providers/account/records.ts";
import type { Environment, Provider } from "../providers/provider.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** The environments of an application: the simulated ones, `local` first, then AWS's. A name may be both. Starts nothing.
 *  @param records what AWS has; where it has not been asked, those count for which the workspace has a folder */
export async function listEnvironments(
  app: string,
  {
    provider,
    workspace,
    records,
  }: { provider: Provider; workspace: Workspace | undefined; records?: readonly EnvironmentRecord[] | undefined },
): Promise<Environment[]> {
  const simulated = await provider.listEnvironments(app);
  if (records !== undefined) return [...simulated, ...records.map(environmentOf)];
  const others = (await environmentFolders(workspace)).map((name): Environment => ({ app, name, provider: "aws" }));
  return [...simulated, ...others];
}

function environmentOf({ app, name, accountID: account, region }: EnvironmentRecord): Environment {
  return { app, name, provider: "aws", account, region };
}

/** Environments that the workspace has a folder for and that are AWS's. */
export async function environmentFolders(workspace: Workspace | undefined): Promise<string[]> {
  return ((await workspace?.listEnvironments()) ?? []).filter((name) => name !== "local");
}

/** The applications that have been used on this machine, the workspace's, and those that AWS was found to have; sorted.
 *  Starts nothing. */
export async function listApplications({
  provider,
  workspace,
  onAws = [],
}: {
  provider: Provider;
  workspace: Workspace | undefined;
  onAws?: readonly string[] | undefined;
}): Promise<string[]> {
  const used = (await provider.listEnvironments()).map(({ app }) => app);
  const own = workspace === undefined ? [] : [workspace.application];
  return [...new Set([...used, ...own, ...onAws])].toSorted();
}
