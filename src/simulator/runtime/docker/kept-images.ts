import type { EngineClient } from "./engine-client.ts";
import { isEngineError } from "./engine-error.ts";

interface Listed {
  Id: string;
  RepoTags: string[] | null;
  Labels: Record<string, string> | null;
  /** Seconds since the epoch. */
  Created: number;
}

const builderLabel = "pilotfish.image.builder=pilotfish";
/** Holds the repository in which the builder tags an image: `app/service`. */
const repositoryLabel = "pilotfish.image.repository";
/** A build without a name may be one that somebody is about to deploy. */
const youngSeconds = 3600;

/** The images of our builder that this owner's deployments need. Each gets a name of the owner's, by which other owners
 *  and `docker image prune` see that it is needed; it goes when nobody has given it another name. */
export class KeptImages {
  readonly #client: EngineClient;
  readonly #repository: string;

  constructor(client: EngineClient, owner: string) {
    this.#client = client;
    this.#repository = `pilotfish-kept/${owner.slice(0, 8)}`;
  }

  /** Names those that our builder made; all others are left as they are. */
  async keep(ids: readonly string[]): Promise<void> {
    const wanted = new Set(ids);
    for (const image of await this.#built())
      if (wanted.has(image.Id) && !tagsOf(image).some((tag) => this.#isOurs(tag)))
        await this.#client.json("POST", `/images/${image.Id}/tag`, {
          query: { repo: this.#repository, tag: image.Id.slice("sha256:".length, "sha256:".length + 12) },
        });
  }

  /** Takes our name from all images but these, and the builder's names from what nobody else has named: but for the newest
   *  build of a service, which the next one begins with. Removes builds of these repositories that have no name any
   *  more. The Engine removes what then has no name and no container. */
  async prune(needed: readonly string[], repositories: readonly string[]): Promise<void> {
    const wanted = new Set(needed);
    for (const image of await this.#built()) {
      if (wanted.has(image.Id)) continue;
      const tags = tagsOf(image);
      const repository = image.Labels?.[repositoryLabel] ?? "";
      const isOld = Date.now() / 1000 - image.Created > youngSeconds;
      if (tags.length === 0 && isOld && repositories.includes(repository)) await this.#remove(image.Id);
      if (!tags.some((tag) => this.#isOurs(tag))) continue;
      const isBuilders = (tag: string) => tag.startsWith(`${repository}:`) && !tag.endsWith("latest");
      const ours = tags.filter((tag) => this.#isOurs(tag));
      const others = tags.filter((tag) => !this.#isOurs(tag));
      // Ours first: the last name of an image that a container uses cannot be taken away.
      for (const tag of others.every(isBuilders) ? [...ours, ...others] : ours) await this.#remove(tag);
    }
  }

  /** Takes our name from all images. */
  async release(): Promise<void> {
    for (const image of await this.#built())
      for (const tag of tagsOf(image)) if (this.#isOurs(tag)) await this.#remove(tag);
  }

  async #built(): Promise<Listed[]> {
    const query = { filters: JSON.stringify({ label: [builderLabel] }) };
    return await this.#client.json<Listed[]>("GET", "/images/json", { query });
  }

  #isOurs(tag: string): boolean {
    return tag.startsWith(`${this.#repository}:`);
  }

  /** Never by force. 409: a container, also a stopped one, or an image that was made from it needs it. */
  async #remove(reference: string): Promise<void> {
    try {
      await this.#client.json("DELETE", `/images/${reference}`);
    } catch (error) {
      if (!isEngineError(error, 404, 409)) throw error;
    }
  }
}

/** An image without a name is listed with `<none>:<none>`, or with none at all. */
function tagsOf({ RepoTags }: Listed): string[] {
  return (RepoTags ?? []).filter((tag) => !tag.includes("<none>"));
}
