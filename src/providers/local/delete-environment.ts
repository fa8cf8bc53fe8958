import type { SimulatorClient } from "../../simulator/client.ts";
import type { EnvironmentRef } from "../provider.ts";
import { managedFileSystem } from "./reference-value.ts";
import { createLocalTaskGroups } from "./tasks/local-task-groups.ts";

/** Deletes an environment in which no service is deployed, with its groups of one-off tasks. */
export async function deleteEnvironment(client: SimulatorClient, { app, env }: EnvironmentRef): Promise<void> {
  const tasks = createLocalTaskGroups(client);
  const services = await client.call("list-services", { app, env });
  const groups = services.length === 0 ? await client.call("list-task-groups", { app, env }) : [];
  const never = new AbortController().signal;
  for (const group of groups) await tasks.delete({ group, place: { app, env } }, never);
  await client.call("delete-environment", { app, name: env, fileSystem: managedFileSystem({ app, env }) });
}
