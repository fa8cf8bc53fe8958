import type { Environment, Provider } from "../providers/provider.ts";
import type { Workspace } from "../workspace/workspace.ts";

/** The environments of an application: the simulated ones, `local` first, then those for which the workspace has a folder
 *  and which are AWS's. A name may be both. Starts nothing. */
export async function listEnvironments(
  app: string,
  { provider, workspace }: { provider: Provider; workspace: Workspace | undefined },
): Promise<Environment[]> {
  const simulated = await provider.listEnvironments(app);
  const folders = ((await workspace?.listEnvironments()) ?? []).filter((name) => name !== "local");
  const others = folders.map((name): Environment => ({ app, name, provider: "aws" }));
  return [...simulated, ...others];
}

/** The applications that have been used on this machine, and the workspace's; sorted. Starts nothing. */
export async function listApplications({
  provider,
  workspace,
}: {
  provider: Provider;
  workspace: Workspace | undefined;
}): Promise<string[]> {
  const used = (await provider.listEnvironments()).map(({ app }) => app);
  return [...new Set([...used, ...(workspace === undefined ? [] : [workspace.application])])].toSorted();
}
