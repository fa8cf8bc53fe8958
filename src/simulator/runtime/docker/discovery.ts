import type { EngineClient } from "./engine-client.ts";
import { EngineError, isEngineError } from "./engine-error.ts";

interface Endpoint {
  IPAddress?: string;
  Aliases?: string[] | null;
}

interface InspectedPause {
  Id: string;
  State: { Running: boolean };
  Config: { Labels: Record<string, string> | null };
  NetworkSettings: { Networks: Record<string, Endpoint> | null };
}

/** Puts a pause container onto the networks of its environment before it is started.
 *  403: it is there already. */
export async function joinNetworks(client: EngineClient, networks: string[], pauseId: string): Promise<void> {
  for (const network of networks)
    try {
      await client.json("POST", `/networks/${network}/connect`, { body: { Container: pauseId } });
    } catch (error) {
      if (!isEngineError(error, 403)) throw error;
    }
}

/** Gives a running task exactly these names on each network, one network after the other, as it is on none of them for a
 *  moment. The Engine fixes names when an endpoint is made, so it is made anew with the address that it had: open
 *  connections stall for about a quarter of a second and go on.
 *  @param namesOn for the labels of a pause container: network → names; nothing when it is not ours */
export async function setNames(
  client: EngineClient,
  pause: string,
  namesOn: (labels: Record<string, string>) => Record<string, string[]>,
): Promise<void> {
  try {
    const inspected = await client.json<InspectedPause>("GET", `/containers/${pause}/json`);
    if (!inspected.State.Running) return;
    for (const [network, names] of Object.entries(namesOn(inspected.Config.Labels ?? {})))
      await setNamesOn(client, network, inspected, names);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

async function setNamesOn(
  client: EngineClient,
  network: string,
  { Id, NetworkSettings }: InspectedPause,
  names: string[],
): Promise<void> {
  const listed = NetworkSettings.Networks?.[network];
  // A join that failed leaves an entry without an address.
  const endpoint = listed?.IPAddress ? listed : undefined;
  if (endpoint !== undefined) {
    if (sameNames(names, namesOf(endpoint, Id))) return;
    await client.json("POST", `/networks/${network}/disconnect`, { body: { Container: Id } });
  }
  const connect = (IPv4Address: string | undefined) =>
    client.json("POST", `/networks/${network}/connect`, {
      body: {
        Container: Id,
        EndpointConfig: {
          Aliases: names,
          ...(IPv4Address ? { IPAMConfig: { IPv4Address } } : {}),
        },
      },
    });
  await connect(endpoint?.IPAddress).catch(async (error: unknown) => {
    // Another task may have been given the address meanwhile.
    if (!(error instanceof EngineError) || !/address already in use/i.test(error.message)) throw error;
    await connect(undefined);
  });
}

/** 404 and 409: the task is gone, or is going. The Engine has no code for a container that it is removing. */
function isGone(error: unknown): boolean {
  if (isEngineError(error, 404, 409)) return true;
  return error instanceof EngineError && /marked for removal|is not running/i.test(error.message);
}

/** The Engine adds the container's short ID to the names that it was given. */
function namesOf({ Aliases }: Endpoint, id: string): string[] {
  return (Aliases ?? []).filter((alias) => !id.startsWith(alias));
}

function sameNames(some: string[], others: string[]): boolean {
  const wanted = new Set(some);
  return wanted.size === new Set(others).size && others.every((name) => wanted.has(name));
}
