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

/** The services of an application, by name: those of the workspace, and those that are deployed.
 *  @param localOnly those of the workspace alone */
export async function listServices(
  { app, localOnly }: { app: string; localOnly: boolean },
  { workspace, provider }: { workspace: Workspace | undefined; provider: Provider },
): Promise<ListedService[]> {
  const ours = workspace?.application === app ? await workspace.listWorkloads() : [];
  const deployed = await provider.listWorkloads({ app });
  const others = localOnly ? [] : deployed.map(({ name }) => name).filter((name) => !ours.includes(name));
  const names = [...new Set([...ours, ...others])].toSorted();
  return Promise.all(
    names.map(async (name) => {
      const environments = deployed.flatMap((each) => (each.name === name ? [each.env] : [])).toSorted();
      const [env = ""] = environments;
      const type =
        workspace !== undefined && ours.includes(name)
          ? await writtenType(name, workspace)
          : (await provider.deployedWorkload({ app, env, name })).type;
      return { app, name, type, environments };
    }),
  );
}
