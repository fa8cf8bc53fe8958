import { withoutSecrets } from "../environment.ts";
import { RuntimeError } from "../runtime.ts";
import type { RuntimeContainer, TaskToRun } from "../runtime.ts";
import { pauseContainer, taskContainer } from "./container-spec.ts";
import type { Host } from "./container-spec.ts";
import { inspectContainer } from "./containers.ts";
import type { EngineClient } from "./engine-client.ts";
import { EngineError, isEngineError, plainMessage } from "./engine-error.ts";
import { containerName, containerNamePrefix } from "./labels.ts";
import type { PauseImage } from "./pause-image.ts";
import type { ContainerWatch } from "./watch.ts";

/** The Engine picks a free host port, and another program may be faster. */
const startsOfPause = 5;

export interface TaskContainersParts {
  client: EngineClient;
  owner: string;
  pauseImage: PauseImage;
  watch: ContainerWatch;
  host: Host;
}

/** A container as this process created or found it. */
export interface Made {
  id: string;
  /** It has never been started. */
  fresh: boolean;
}

/** Creates and starts the containers of tasks. A create that is refused because the container is there takes it over. */
export class TaskContainers {
  readonly #parts: TaskContainersParts;
  /** Containers created ahead of their start, by name. */
  readonly #ahead = new Map<string, Promise<Made | undefined>>();

  constructor(parts: TaskContainersParts) {
    this.#parts = parts;
  }

  /** @throws RuntimeError ContainerNetworkingError */
  async createPause(task: TaskToRun): Promise<Made> {
    const { owner, pauseImage, host } = this.#parts;
    const spec = pauseContainer(owner, task, pauseImage.reference, host);
    try {
      return await this.#create(task, undefined, 0, spec).catch(async (error: unknown) => {
        // 404: the image has not been loaded yet, or has been pruned.
        if (!isEngineError(error, 404)) throw error;
        await pauseImage.load();
        return await this.#create(task, undefined, 0, spec);
      });
    } catch (error) {
      throw refusal(task, "ContainerNetworkingError", error);
    }
  }

  /** Begins to create the first attempt of a container; `create` then takes what comes of it. */
  createAhead(task: TaskToRun, container: string, image: string, pauseId: string): void {
    const spec = taskContainer(this.#parts.owner, task, container, 1, image, pauseId, this.#parts.host);
    // What goes wrong here comes up again, and is reported, when the container is to be started.
    const made = this.#create(task, container, 1, spec).catch(() => undefined);
    this.#ahead.set(containerName(this.#parts.owner, task.id, container, 1), made);
  }

  /** @throws RuntimeError CannotCreateContainerError, ResourceInitializationError */
  async create(task: TaskToRun, container: string, attempt: number, image: string): Promise<Made> {
    const { client, owner, host } = this.#parts;
    const name = containerName(owner, task.id, container, attempt);
    const ahead = this.#ahead.get(name);
    this.#ahead.delete(name);
    const made = await ahead;
    if (made !== undefined) return made;
    try {
      const pause = await inspectContainer(client, owner, containerName(owner, task.id));
      if (pause === undefined)
        throw new RuntimeError("CannotCreateContainerError", "the task has no network", container);
      const spec = taskContainer(owner, task, container, attempt, image, pause.runtimeId, host);
      return await this.#create(task, container, attempt, spec);
    } catch (error) {
      throw refusal(task, "CannotCreateContainerError", error, container);
    }
  }

  /** Starts, and looks at what has come of it. Its end is reported only after the caller has had the answer.
   *  @param container undefined for the pause container
   *  @throws RuntimeError CannotStartContainerError, ContainerNetworkingError */
  async start(
    task: TaskToRun,
    id: string,
    container: string | undefined,
    attempt: number,
  ): Promise<RuntimeContainer | undefined> {
    const { client, owner, watch } = this.#parts;
    const started = this.#startUntilPortsAreFree(id, container === undefined ? startsOfPause : 1);
    const looked = started.then(() => inspectContainer(client, owner, id));
    const answered = looked.then(
      () => new Promise<boolean>((resolve) => setImmediate(resolve, true)),
      () => started.then(() => true).catch(() => false),
    );
    watch.expect(id, { task: task.id, serviceId: task.serviceId, container, attempt }, answered);
    try {
      return await looked;
    } catch (error) {
      const name = container === undefined ? "ContainerNetworkingError" : "CannotStartContainerError";
      throw refusal(task, name, error, container);
    }
  }

  /** Resolves when nothing of a task (or of any) is being created ahead any more; what was is then to be listed. */
  async settled(task?: string): Promise<void> {
    const prefix = task === undefined ? "" : containerNamePrefix(this.#parts.owner, task);
    for (const [name, made] of this.#ahead) {
      if (!name.startsWith(prefix)) continue;
      await made;
      this.#ahead.delete(name);
    }
  }

  async #create(task: TaskToRun, container: string | undefined, attempt: number, spec: object): Promise<Made> {
    const { client, owner } = this.#parts;
    const name = containerName(owner, task.id, container, attempt);
    try {
      const { Id } = await client.json<{ Id: string }>("POST", "/containers/create", { query: { name }, body: spec });
      return { id: Id, fresh: true };
    } catch (error) {
      if (!isEngineError(error, 409)) throw error;
      const found = await inspectContainer(client, owner, name);
      const same = found?.task === task.id && found.container === container && found.attempt === attempt;
      if (found === undefined || !same) throw error;
      return { id: found.runtimeId, fresh: found.state === "created" };
    }
  }

  async #startUntilPortsAreFree(id: string, tries: number): Promise<void> {
    try {
      await this.#parts.client.json("POST", `/containers/${id}/start`);
    } catch (error) {
      const taken = error instanceof EngineError && /already in use|already allocated/.test(error.message);
      if (tries <= 1 || !taken) throw error;
      await this.#startUntilPortsAreFree(id, tries - 1);
    }
  }
}

/** What the Engine refuses is about the task; that it does not answer is not. */
function refusal(task: TaskToRun, name: string, error: unknown, container?: string): unknown {
  if (!(error instanceof EngineError)) return error;
  return new RuntimeError(name, withoutSecrets(task, container, plainMessage(error)), container);
}
