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

/** Puts a pause container onto the network of its environment before it is started.
 *  403: it is there already. */
export async function joinNetwork(client: EngineClient, network: string, pauseId: string): Promise<void> {
  try {
    await client.json("POST", `/networks/${network}/connect`, { body: { Container: pauseId } });
  } catch (error) {
    if (!isEngineError(error, 403)) throw error;
  }
}

/** Gives a running task exactly these names. The Engine fixes names when an endpoint is made, so it is made anew with the
 *  address that it had: open connections stall for about a quarter of a second and go on.
 *  @param networkOf the network for the labels of a pause container; undefined when it is not ours */
export async function setAliases(
  client: EngineClient,
  pause: string,
  networkOf: (labels: Record<string, string>) => string | undefined,
  aliases: string[],
): Promise<void> {
  try {
    const { Id, State, Config, NetworkSettings } = await client.json<InspectedPause>(
      "GET",
      `/containers/${pause}/json`,
    );
    const network = networkOf(Config.Labels ?? {});
    if (network === undefined || !State.Running) return;
    const listed = NetworkSettings.Networks?.[network];
    // A join that failed leaves an entry without an address.
    const endpoint = listed?.IPAddress ? listed : undefined;
    if (endpoint !== undefined) {
      if (sameNames(aliases, namesOf(endpoint, Id))) return;
      await client.json("POST", `/networks/${network}/disconnect`, { body: { Container: Id } });
    }
    const connect = (IPv4Address: string | undefined) =>
      client.json("POST", `/networks/${network}/connect`, {
        body: {
          Container: Id,
          EndpointConfig: {
            Aliases: aliases,
            ...(IPv4Address ? { IPAMConfig: { IPv4Address } } : {}),
          },
        },
      });
    await connect(endpoint?.IPAddress).catch(async (error: unknown) => {
      // Another task may have been given the address meanwhile.
      if (!(error instanceof EngineError) || !/address already in use/i.test(error.message)) throw error;
      await connect(undefined);
    });
  } catch (error) {
    // 404: the task is gone; 409 and 500 "not running": it is going.
    if (isEngineError(error, 404, 409)) return;
    throw error;
  }
}

/** The Engine adds the container's short ID to the names that it was given. */
function namesOf({ Aliases }: Endpoint, id: string): string[] {
  return (Aliases ?? []).filter((alias) => !id.startsWith(alias));
}

function sameNames(some: string[], others: string[]): boolean {
  const wanted = new Set(some);
  return wanted.size === new Set(others).size && others.every((name) => wanted.has(name));
}
