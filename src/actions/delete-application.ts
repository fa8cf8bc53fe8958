import type { DeployEvent, Environment, LocalProvider, WorkloadRef } from "../providers/provider.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { Deleted } from "./deletion-events.ts";
import { mergeStories } from "./merge-stories.ts";

/** What an application has on this machine, and what of it goes with it. */
export interface ApplicationToDelete {
  app: string;
  environments: Environment[];
  services: WorkloadRef[];
  /** The workspace's `.workspace`, when the workspace is this application's. */
  file?: string;
}

export type ApplicationDeletion = Extract<DeployEvent, { type: "notice" }> | Deleted;

/** What {@link deleteApplication} would remove. */
export async function applicationToDelete(
  app: string,
  { provider, workspace }: { provider: LocalProvider; workspace: Workspace | undefined },
): Promise<ApplicationToDelete> {
  const environments = await provider.listEnvironments(app);
  const deployed = environments.map(({ name: env }) => provider.listWorkloads({ app, env }));
  const services = (await Promise.all(deployed)).flat().map(({ env, name }) => ({ app, env, name }));
  return { app, environments, services, file: workspace?.applicationFile };
}

/** Removes an application from this machine: its services side by side, then its environments, last the file that makes the
 *  folder its workspace. Manifests stay. Begun again after a failure, it goes on with what is left.
 *  @throws UserError simulator/*, workspace/write-failed */
export async function* deleteApplication(
  { app, environments, services }: ApplicationToDelete,
  { provider, workspace, signal }: { provider: LocalProvider; workspace: Workspace | undefined; signal: AbortSignal },
): AsyncGenerator<ApplicationDeletion, void, void> {
  yield* mergeStories(services.map((service) => deleteService(service, provider, signal)));
  for (const { name } of environments) {
    await provider.deleteEnvironment({ app, env: name });
    yield { type: "deleted", what: "environment", name };
  }
  if (workspace === undefined) return;
  await workspace.deleteApplicationFile();
  yield { type: "deleted", what: "file", name: workspace.applicationFile };
}

async function* deleteService(
  service: WorkloadRef,
  provider: LocalProvider,
  signal: AbortSignal,
): AsyncGenerator<ApplicationDeletion, void, void> {
  for await (const event of provider.deleteWorkload(service, signal)) if (event.type === "notice") yield event;
  yield { type: "deleted", what: "service", env: service.env, name: service.name };
}
