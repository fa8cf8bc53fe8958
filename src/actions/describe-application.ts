import type { Environment, Provider } from "../providers/provider.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { listEnvironments } from "./list-environments.ts";
import { workloadTypes } from "./workload-types.ts";

export interface ApplicationDescription {
  name: string;
  environments: Environment[];
  services: ApplicationService[];
}

export interface ApplicationService {
  name: string;
  /** As the workspace's manifest has it; absent where there is no such manifest. */
  type?: string;
  /** The simulated environments in which it is deployed. */
  environments: string[];
}

/** An application with its environments, and its services of the workspace and of this machine, each with where it is
 *  deployed. */
export async function describeApplication(
  name: string,
  tools: { provider: Provider; workspace: Workspace | undefined },
): Promise<ApplicationDescription> {
  const { provider, workspace } = tools;
  const environments = await listEnvironments(name, tools);
  const simulated = environments.filter((each) => each.provider === "local");
  const types = workspace === undefined ? new Map<string, string>() : await workloadTypes(workspace);
  const services = new Map<string, ApplicationService>(
    [...types].map(([each, type]) => [each, { name: each, type, environments: [] }]),
  );
  for (const { name: env } of simulated)
    for (const { name: each } of await provider.listWorkloads({ app: name, env })) {
      const service = services.get(each) ?? { name: each, environments: [] };
      service.environments.push(env);
      services.set(each, service);
    }
  return { name, environments, services: [...services.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}
