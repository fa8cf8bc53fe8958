import type { ApplicationInAccount } from "./application-in-account.ts";
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
  /** As the workspace's manifest has it, or AWS; absent where neither is known. */
  type?: string;
  /** The environments in which it is deployed. */
  environments: string[];
}

/** An application with its environments, and its services of the workspace, of this machine and of AWS, each with where it is
 *  deployed. @param onAws what AWS has; absent where it has not been asked */
export async function describeApplication(
  name: string,
  tools: { provider: Provider; workspace: Workspace | undefined; onAws?: ApplicationInAccount | undefined },
): Promise<ApplicationDescription> {
  const { provider, workspace, onAws } = tools;
  const environments = await listEnvironments(name, { ...tools, records: onAws?.environments });
  const simulated = environments.filter((each) => each.provider === "local");
  const types = workspace === undefined ? new Map<string, string>() : await workloadTypes(workspace);
  for (const record of onAws?.workloads ?? []) types.set(record.name, types.get(record.name) ?? record.type);
  const services = new Map<string, ApplicationService>(
    [...types].map(([each, type]) => [each, { name: each, type, environments: [] }]),
  );
  const deployedTo = (each: string, env: string) => {
    const service = services.get(each) ?? { name: each, environments: [] };
    if (!service.environments.includes(env)) service.environments.push(env);
    services.set(each, service);
  };
  for (const { name: env } of simulated)
    for (const { name: each } of await provider.listWorkloads({ app: name, env })) deployedTo(each, env);
  for (const { name: each, env } of onAws?.deployed ?? []) deployedTo(each, env);
  return { name, environments, services: [...services.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}
