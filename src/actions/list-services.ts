import type { ApplicationInAccount } from "./application-in-account.ts";
import type { Provider } from "../providers/provider.ts";
import { writtenType } from "./written-type.ts";
import type { Workspace } from "./open-workspace.ts";

export interface ListedService {
  app: string;
  name: string;
  /** As the manifest or the deployed service has it; empty when the manifest has none. */
  type: string;
  /** Where it is deployed, by name. */
  environments: string[];
}

/** The services of an application, by name: those of the workspace, and those that are deployed or that AWS has a record of.
 *  @param localOnly those of the workspace alone */
export async function listServices(
  { app, localOnly }: { app: string; localOnly: boolean },
  {
    workspace,
    provider,
    onAws,
  }: { workspace: Workspace | undefined; provider: Provider; onAws?: ApplicationInAccount | undefined },
): Promise<ListedService[]> {
  const ours = workspace?.application === app ? await workspace.listWorkloads() : [];
  const simulated = await provider.listWorkloads({ app });
  const deployed = [...simulated, ...(onAws?.deployed ?? [])];
  const recorded = new Map(onAws?.workloads.map(({ name, type }) => [name, type]));
  const others = localOnly ? [] : [...deployed.map(({ name }) => name), ...recorded.keys()];
  const names = [...new Set([...ours, ...others])].toSorted();
  return Promise.all(
    names.map(async (name) => {
      const environments = deployed.flatMap((each) => (each.name === name ? [each.env] : []));
      const here = simulated.find((each) => each.name === name);
      const type =
        workspace !== undefined && ours.includes(name)
          ? await writtenType(name, workspace)
          : (recorded.get(name) ?? (here && (await provider.deployedWorkload(here)).type) ?? "");
      return { app, name, type, environments: [...new Set(environments)].toSorted() };
    }),
  );
}
