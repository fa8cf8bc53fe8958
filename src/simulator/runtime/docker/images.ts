import type { EngineAddress } from "../engine-address.ts";
import { RuntimeError } from "../runtime.ts";
import type { TaskToRun } from "../runtime.ts";
import { definitionOf } from "../task-definition.ts";
import type { EngineClient } from "./engine-client.ts";
import { EngineError, isEngineError, plainMessage } from "./engine-error.ts";
import { jsonLines } from "./json-lines.ts";
import { registryLogin } from "./registry-login.ts";

interface Image {
  Id: string;
  Architecture?: string;
}

/** A pull that has not moved for so long is given up. */
const pullSilenceMs = 60_000;

/** The images of tasks: found on this machine, else pulled. */
export class TaskImages {
  readonly #client: EngineClient;
  readonly #dockerConfig: string;
  readonly #pulls = new Map<string, Promise<void>>();

  constructor(client: EngineClient, address: EngineAddress) {
    this.#client = client;
    this.#dockerConfig = address.dockerConfig;
  }

  async id(reference: string): Promise<string | undefined> {
    return (await this.#find(reference))?.Id;
  }

  /** The ID of the image that a container of the task runs: the pinned one, or what its reference means now.
   *  @throws RuntimeError CannotPullContainerError */
  async resolve(task: TaskToRun, container: string): Promise<string> {
    const pinned = task.images[container];
    const reference = pinned ?? definitionOf(task, container).image ?? "";
    const platform = platformOf(task);
    const image = (await this.#find(reference)) ?? (await this.#pulled(reference, platform, container));
    if (image.Architecture && image.Architecture !== platform.slice("linux/".length))
      throw cannotPull(
        container,
        `image Manifest does not contain descriptor matching platform '${platform}': ${reference} is for linux/${image.Architecture}`,
      );
    return image.Id;
  }

  async #pulled(reference: string, platform: string, container: string): Promise<Image> {
    if (reference.startsWith("sha256:"))
      throw cannotPull(container, `${reference}: the image that this deployment pinned is no longer on this machine`);
    const key = `${platform} ${reference}`;
    const pull = this.#pulls.get(key) ?? this.#pull(reference, platform).finally(() => this.#pulls.delete(key));
    this.#pulls.set(key, pull);
    try {
      await pull;
    } catch (error) {
      if (error instanceof EngineError) throw cannotPull(container, `${reference}: ${plainMessage(error)}`);
      throw error;
    }
    const image = await this.#find(reference);
    if (image === undefined) throw cannotPull(container, `${reference}: not found after it was pulled`);
    return image;
  }

  async #pull(reference: string, platform: string): Promise<void> {
    const stream = await this.#client.stream("POST", "/images/create", {
      query: { fromImage: withTag(reference), platform },
      headers: registryLogin(reference, this.#dockerConfig),
      timeoutMs: pullSilenceMs,
    });
    try {
      for await (const line of jsonLines<{ error?: string }>(stream))
        if (line.error !== undefined) throw new EngineError(500, line.error);
    } catch (error) {
      throw error instanceof EngineError
        ? error
        : new EngineError(500, `the pull broke off: ${(error as Error).message}`);
    }
  }

  async #find(reference: string): Promise<Image | undefined> {
    try {
      return await this.#client.json<Image>("GET", `/images/${encodeURI(reference)}/json`);
    } catch (error) {
      // 400: what no image can be called.
      if (isEngineError(error, 400, 404)) return undefined;
      throw error;
    }
  }
}

function cannotPull(container: string, message: string): RuntimeError {
  return new RuntimeError("CannotPullContainerError", message, container);
}

/** The Engine pulls every tag when none is named. */
function withTag(reference: string): string {
  return /(:[^/]+|@[^/]+)$/.test(reference) ? reference : `${reference}:latest`;
}

function platformOf(task: TaskToRun): string {
  return task.plan.taskDefinition.runtimePlatform?.cpuArchitecture === "ARM64" ? "linux/arm64" : "linux/amd64";
}
