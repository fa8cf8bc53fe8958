import { RuntimeError } from "../runtime.ts";
import type { EngineClient } from "./engine-client.ts";
import { EngineError, isEngineError, plainMessage } from "./engine-error.ts";
import { environmentLabels, isOwnedBy, type NetworkKind, networkName, ownedFilter } from "./labels.ts";

export interface EnvironmentName {
  app: string;
  env: string;
}

interface Network {
  Id: string;
  Name: string;
  Labels: Record<string, string> | null;
  IPAM: { Config: { Subnet: string; Gateway?: string }[] | null };
}

/** Another program may take the addresses between our asking for some and our taking them. */
const creations = 5;
/** Of a network that is there only for the Engine to find free addresses. */
const draftLabel = "pilotfish.draft";

/** The networks on which the tasks of an environment find each other: one for names, one for the aliases of those with
 *  Service Connect. Each is made when its first task needs it. */
export class EnvironmentNetworks {
  readonly #client: EngineClient;
  readonly #owner: string;
  /** How many are just about to join, by network. */
  readonly #joining = new Map<string, number>();
  /** One making or removing at a time, by network. */
  readonly #changes = new Map<string, Promise<unknown>>();

  constructor(client: EngineClient, owner: string) {
    this.#client = client;
    this.#owner = owner;
  }

  nameOf(environment: EnvironmentName, kind: NetworkKind): string {
    return networkName(this.#owner, environment, kind);
  }

  /** The networks are there until `join` is through.
   *  @throws RuntimeError ContainerNetworkingError */
  async joining<T>(
    environment: EnvironmentName,
    kinds: NetworkKind[],
    join: (networks: string[]) => Promise<T>,
  ): Promise<T> {
    const names = kinds.map((kind) => this.nameOf(environment, kind));
    for (const name of names) this.#joining.set(name, (this.#joining.get(name) ?? 0) + 1);
    try {
      await Promise.all(names.map((name) => this.#change(name, () => this.#make(name, environment))));
      return await join(names);
    } finally {
      for (const name of names) this.#joining.set(name, this.#joining.get(name)! - 1);
    }
  }

  /** Removes the networks of environments in which there is no container any more. */
  async removeUnused(): Promise<void> {
    const query = { filters: ownedFilter(this.#owner) };
    for (const { Id, Name, Labels } of await this.#client.json<Network[]>("GET", "/networks", { query })) {
      const labels = ["app", "env"].map((key) => `pilotfish.${key}=${Labels?.[`pilotfish.${key}`]}`);
      const filters = JSON.stringify({ label: [...JSON.parse(query.filters).label, ...labels] });
      await this.#change(Name, async () => {
        if ((this.#joining.get(Name) ?? 0) > 0) return;
        const left = await this.#client.json<unknown[]>("GET", "/containers/json", { query: { all: true, filters } });
        if (left.length > 0) return;
        await this.#client.json("DELETE", `/networks/${Id}`).catch((error: unknown) => {
          // 403: somebody has put a container of his own there.
          if (!isEngineError(error, 403, 404)) throw error;
        });
      });
    }
  }

  async #change<T>(name: string, change: () => Promise<T>): Promise<T> {
    const mine = (this.#changes.get(name) ?? Promise.resolve()).catch(() => undefined).then(change);
    this.#changes.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.#changes.get(name) === mine) this.#changes.delete(name);
    }
  }

  async #make(name: string, environment: EnvironmentName): Promise<void> {
    try {
      const found = await this.#find(name);
      if (found?.Labels?.[draftLabel] !== undefined && isOwnedBy(this.#owner, found.Labels)) {
        // A daemon died between the two creations. Nothing has joined it yet.
        await this.#client.json("DELETE", `/networks/${found.Id}`);
        return await this.#create(name, environment);
      }
      if (found === undefined) return await this.#create(name, environment);
      if (!isOwnedBy(this.#owner, found.Labels ?? {}))
        throw new RuntimeError("ContainerNetworkingError", `network ${name} belongs to somebody else`);
    } catch (error) {
      if (error instanceof EngineError) throw new RuntimeError("ContainerNetworkingError", plainMessage(error));
      throw error;
    }
  }

  async #find(name: string): Promise<Network | undefined> {
    try {
      const found = await this.#client.json<Network>("GET", `/networks/${encodeURIComponent(name)}`);
      return found.Name === name ? found : undefined;
    } catch (error) {
      if (isEngineError(error, 404)) return undefined;
      throw error;
    }
  }

  /** An endpoint can only be given the address that it had when the subnet was asked for, so the Engine is first let find
   *  a free one. */
  async #create(name: string, environment: EnvironmentName, tries = creations): Promise<void> {
    const request = {
      Name: name,
      CheckDuplicate: true,
      Driver: "bridge",
      Labels: environmentLabels(this.#owner, environment),
    };
    try {
      const draft = { ...request, Labels: { ...request.Labels, [draftLabel]: "yes" } };
      const { Id } = await this.#client.json<{ Id: string }>("POST", "/networks/create", { body: draft });
      const chosen = await this.#client.json<Network>("GET", `/networks/${Id}`);
      await this.#client.json("DELETE", `/networks/${Id}`);
      const Config = (chosen.IPAM.Config ?? []).map(({ Subnet }) => ({ Subnet }));
      await this.#client.json("POST", "/networks/create", { body: { ...request, IPAM: { Config } } });
    } catch (error) {
      if (isEngineError(error, 409) && (await this.#find(name)) !== undefined) return;
      if (tries > 1 && error instanceof EngineError && /overlap/i.test(error.message))
        return await this.#create(name, environment, tries - 1);
      throw error;
    }
  }
}
