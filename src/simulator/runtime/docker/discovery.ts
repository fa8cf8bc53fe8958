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

/** Gives a running task exactly these names on each network. The Engine fixes names when an endpoint is made, so it is
 *  made anew with the address that it had: open connections stall for about a quarter of a second and go on.
 *  @param still does something while no program of the task runs: one that looks a name up or connects in the middle of it
 *    would find nothing, or wait for minutes
 *  @param namesOn for the labels of a pause container: network → names; nothing when it is not ours */
export async function setNames(
  client: EngineClient,
  pause: string,
  still: (work: () => Promise<void>) => Promise<void>,
  namesOn: (labels: Record<string, string>) => Record<string, string[]>,
): Promise<void> {
  try {
    const inspected = await client.json<InspectedPause>("GET", `/containers/${pause}/json`);
    const { Id, State, Config, NetworkSettings } = inspected;
    if (!State.Running) return;
    const changes = Object.entries(namesOn(Config.Labels ?? {})).flatMap(([network, names]) => {
      const listed = NetworkSettings.Networks?.[network];
      // A join that failed leaves an entry without an address.
      const endpoint = listed?.IPAddress ? listed : undefined;
      const isSo = endpoint !== undefined && sameNames(names, namesOf(endpoint, Id));
      return isSo ? [] : [() => renameOn(client, network, Id, endpoint, names)];
    });
    if (changes.length === 0) return;
    await still(async () => {
      for (const change of changes) await change();
    });
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

async function renameOn(
  client: EngineClient,
  network: string,
  id: string,
  endpoint: Endpoint | undefined,
  names: string[],
): Promise<void> {
  if (endpoint !== undefined) await client.json("POST", `/networks/${network}/disconnect`, { body: { Container: id } });
  const connect = (IPv4Address: string | undefined) =>
    client.json("POST", `/networks/${network}/connect`, {
      body: {
        Container: id,
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

/** The Engine adds the container's short ID to the names that it was given. A name may begin as the ID does: `db`. */
function namesOf({ Aliases }: Endpoint, id: string): string[] {
  return (Aliases ?? []).filter((alias) => alias !== id.slice(0, 12));
}

function sameNames(some: string[], others: string[]): boolean {
  const wanted = new Set(some);
  return wanted.size === new Set(others).size && others.every((name) => wanted.has(name));
}
