import type { RuntimeContainer } from "../runtime.ts";
import type { EngineClient } from "./engine-client.ts";
import { isEngineError } from "./engine-error.ts";
import { ownedFilter } from "./labels.ts";
import { waitFor } from "./wait.ts";

const removalLimitMs = 60_000;

/** Removes containers with their anonymous volumes, whatever state they are in; those that share a network before the
 *  pause container that holds it. */
export async function removeContainers(client: EngineClient, containers: RuntimeContainer[]): Promise<void> {
  const last = containers.filter(({ container }) => container === undefined);
  const first = containers.filter(({ container }) => container !== undefined);
  await Promise.all(first.map(({ runtimeId }) => removeContainer(client, runtimeId)));
  await Promise.all(last.map(({ runtimeId }) => removeContainer(client, runtimeId)));
}

/** Removes everything that carries the owner's label. */
export async function removeOwned(client: EngineClient, owner: string, containers: RuntimeContainer[]): Promise<void> {
  await removeContainers(client, containers);
  const query = { filters: ownedFilter(owner) };
  const networks = await client.json<{ Id: string }[]>("GET", "/networks", { query });
  const { Volumes } = await client.json<{ Volumes: { Name: string }[] | null }>("GET", "/volumes", { query });
  const images = await client.json<{ Id: string }[]>("GET", "/images/json", { query });
  const gone = [
    ...networks.map(({ Id }) => `/networks/${Id}`),
    ...(Volumes ?? []).map(({ Name }) => `/volumes/${Name}`),
    ...images.map(({ Id }) => `/images/${Id}?force=true`),
  ];
  await Promise.all(gone.map((path) => remove(client, path)));
}

/** 409: somebody is removing it already. */
async function removeContainer(client: EngineClient, id: string): Promise<void> {
  const until = Date.now() + removalLimitMs;
  while (!(await remove(client, `/containers/${id}?force=true&v=true`))) {
    if (Date.now() > until)
      throw new Error(`the Docker Engine did not remove container ${id} within ${removalLimitMs / 1000} s`);
    await waitFor(50);
  }
}

/** Whether it is gone. */
async function remove(client: EngineClient, path: string): Promise<boolean> {
  try {
    await client.json("DELETE", path);
    return true;
  } catch (error) {
    if (isEngineError(error, 404)) return true;
    if (isEngineError(error, 409)) return false;
    throw error;
  }
}

/** Ends a container at once. 409: it has ended by itself. */
export async function killContainer(client: EngineClient, id: string): Promise<void> {
  try {
    await client.json("POST", `/containers/${id}/kill`);
  } catch (error) {
    if (!isEngineError(error, 404, 409)) throw error;
  }
}
