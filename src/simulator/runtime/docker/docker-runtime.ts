import type { EngineAddress } from "../engine-address.ts";
import { RuntimeError } from "../runtime.ts";
import type {
  Listener,
  LogPosition,
  PreparedTask,
  Runtime,
  RuntimeContainer,
  RuntimeObserver,
  TaskToRun,
} from "../runtime.ts";
import type { ConnectedEngine } from "./connect-engine.ts";
import type { EngineClient } from "./engine-client.ts";
import { pauseContainer, taskContainer } from "./container-spec.ts";
import { inspectContainer, listContainers } from "./containers.ts";
import { EngineError, isEngineError, plainMessage } from "./engine-error.ts";
import { EngineEvents } from "./events.ts";
import { TaskImages } from "./images.ts";
import { containerName } from "./labels.ts";
import { readListeners } from "./listeners.ts";
import { PauseImage } from "./pause-image.ts";
import { removeContainers, removeOwned } from "./remove.ts";
import { ContainerWatch } from "./watch.ts";

/** The Engine needs a moment beyond the container's own time. */
const stopSlackMs = 60_000;
const lastLinesMs = 10_000;
/** The Engine picks a free host port, and another program may be faster. */
const startsOfPause = 5;

export interface DockerRuntimeParts extends ConnectedEngine {
  address: EngineAddress;
  owner: string;
  observer: RuntimeObserver;
  logPosition: LogPosition;
}

/** A container as this process created or found it. */
interface Made {
  id: string;
  /** It has never been started, as far as is known. */
  fresh: boolean;
}

export class DockerRuntime implements Runtime {
  readonly kind = "docker";
  readonly description: string;
  readonly #client: EngineClient;
  readonly #owner: string;
  readonly #images: TaskImages;
  readonly #pauseImage: PauseImage;
  readonly #watch: ContainerWatch;
  readonly #events: EngineEvents;
  /** Containers created ahead of their start, by name. */
  readonly #ahead = new Map<string, Promise<Made | undefined>>();

  constructor({ client, version, architecture, address, owner, observer, logPosition }: DockerRuntimeParts) {
    this.description = `docker (Engine ${version})`;
    this.#client = client;
    this.#owner = owner;
    this.#images = new TaskImages(client, address);
    this.#pauseImage = new PauseImage(client, owner, architecture);
    const watch = new ContainerWatch({ client, owner, observer, logPosition });
    this.#watch = watch;
    this.#events = new EngineEvents(client, owner, {
      event: (event) => watch.event(event),
      down: (why) => observer.available(false, why),
      up: async () => {
        await watch.compare();
        observer.available(true);
      },
    });
  }

  async open(): Promise<void> {
    await this.#events.open();
  }

  async prepareTask(task: TaskToRun): Promise<PreparedTask> {
    const images = await this.#resolveImages(task);
    const pause = await this.#createPause(task);
    if (pause.fresh) {
      // Creating takes the Engine about as long as starting, so both go on side by side.
      for (const [container, image] of Object.entries(images)) this.#createAhead(task, container, image, pause.id);
    }
    const standing = pause.fresh
      ? await this.#start(task, pause.id, undefined, 0)
      : await inspectContainer(this.#client, this.#owner, pause.id);
    if (standing?.state !== "running")
      throw new RuntimeError("ContainerNetworkingError", "the network of the task has ended");
    this.#watch.attach(standing);
    return { ports: standing.ports, images };
  }

  async startContainer(
    task: TaskToRun,
    container: string,
    attempt: number,
  ): Promise<{ runtimeId: string; startedAt: number }> {
    const made = await this.#createContainer(task, container, attempt);
    const standing = made.fresh
      ? await this.#start(task, made.id, container, attempt)
      : await inspectContainer(this.#client, this.#owner, made.id);
    if (standing?.startedAt === undefined)
      throw new RuntimeError("CannotStartContainerError", "the container has been removed", container);
    if (made.fresh) this.#watch.attach(standing);
    else this.#watch.attachAgain(standing);
    return { runtimeId: made.id, startedAt: standing.startedAt };
  }

  async stopContainer(task: string, container: string, attempt: number, timeoutSeconds: number): Promise<void> {
    const found = await inspectContainer(
      this.#client,
      this.#owner,
      containerName(this.#owner, task, container, attempt),
    );
    if (found === undefined || found.state !== "running") return;
    this.#watch.stopping(found);
    try {
      const call = { query: { t: timeoutSeconds }, timeoutMs: timeoutSeconds * 1000 + stopSlackMs };
      await this.#client.json("POST", `/containers/${found.runtimeId}/stop`, call);
    } catch (error) {
      if (!isEngineError(error, 404)) throw error;
    }
  }

  async removeTask(task: string): Promise<void> {
    const found = await listContainers(this.#client, this.#owner, task);
    this.#watch.silence(found);
    const containers = found.filter(({ container }) => container !== undefined);
    const running = containers.filter(({ state }) => state === "running");
    await Promise.all(running.map(({ runtimeId }) => this.#kill(runtimeId)));
    const written = containers.filter(({ state }) => state !== "created");
    await Promise.all(written.map((container) => this.#watch.drained(container, lastLinesMs)));
    await removeContainers(this.#client, found);
    this.#watch.forget(found);
    for (const { container, attempt } of containers)
      this.#ahead.delete(containerName(this.#owner, task, container, attempt));
  }

  async list(): Promise<RuntimeContainer[]> {
    return await listContainers(this.#client, this.#owner);
  }

  async adopt(tasks: Pick<TaskToRun, "id">[]): Promise<void> {
    await this.#watch.adopt(new Set(tasks.map(({ id }) => id)));
  }

  async listeners(task: string): Promise<Listener[] | undefined> {
    try {
      return await readListeners(this.#client, containerName(this.#owner, task));
    } catch {
      return undefined;
    }
  }

  async imageId(reference: string): Promise<string | undefined> {
    return await this.#images.id(reference);
  }

  async removeAll(): Promise<void> {
    const found = await this.list();
    this.#watch.silence(found);
    await removeOwned(this.#client, this.#owner, found);
    this.#watch.forget(found);
    this.#ahead.clear();
  }

  async close(): Promise<void> {
    this.#watch.close();
    await this.#events.close();
    this.#client.close();
  }

  async #resolveImages(task: TaskToRun): Promise<Record<string, string>> {
    const names = (task.plan.taskDefinition.containerDefinitions ?? []).map(({ name }) => name ?? "");
    const ids = await Promise.all(names.map(async (name) => [name, await this.#images.resolve(task, name)] as const));
    return Object.fromEntries(ids);
  }

  async #createPause(task: TaskToRun): Promise<Made> {
    const spec = pauseContainer(this.#owner, task, this.#pauseImage.reference);
    try {
      return await this.#create(task, undefined, 0, spec);
    } catch (error) {
      if (!isEngineError(error, 404)) throw refusal("ContainerNetworkingError", error);
    }
    try {
      await this.#pauseImage.load();
      return await this.#create(task, undefined, 0, spec);
    } catch (error) {
      throw refusal("ContainerNetworkingError", error);
    }
  }

  #createAhead(task: TaskToRun, container: string, image: string, pauseId: string): void {
    const spec = taskContainer(this.#owner, task, container, 1, image, pauseId);
    // What goes wrong here comes up again, and is reported, when the container is to be started.
    const made = this.#create(task, container, 1, spec).catch(() => undefined);
    this.#ahead.set(containerName(this.#owner, task.id, container, 1), made);
  }

  async #createContainer(task: TaskToRun, container: string, attempt: number): Promise<Made> {
    const name = containerName(this.#owner, task.id, container, attempt);
    const ahead = this.#ahead.get(name);
    this.#ahead.delete(name);
    const made = await ahead;
    if (made !== undefined) return made;
    const image = task.images[container] ?? (await this.#images.resolve(task, container));
    const spec = taskContainer(this.#owner, task, container, attempt, image, containerName(this.#owner, task.id));
    try {
      return await this.#create(task, container, attempt, spec);
    } catch (error) {
      throw refusal("CannotCreateContainerError", error, container);
    }
  }

  /** Creates, or takes over what carries the name and is the same container. */
  async #create(task: TaskToRun, container: string | undefined, attempt: number, spec: object): Promise<Made> {
    const name = containerName(this.#owner, task.id, container, attempt);
    try {
      const { Id } = await this.#client.json<{ Id: string }>("POST", "/containers/create", {
        query: { name },
        body: spec,
      });
      return { id: Id, fresh: true };
    } catch (error) {
      if (!isEngineError(error, 409)) throw error;
      const found = await inspectContainer(this.#client, this.#owner, name);
      if (found === undefined || found.task !== task.id || found.container !== container || found.attempt !== attempt)
        throw error;
      return { id: found.runtimeId, fresh: found.state === "created" };
    }
  }

  /** Starts, and looks at what has come of it. Its end is reported only after the caller has had the answer. */
  async #start(
    task: TaskToRun,
    id: string,
    container: string | undefined,
    attempt: number,
  ): Promise<RuntimeContainer | undefined> {
    const started = this.#startUntilPortsAreFree(id, container === undefined ? startsOfPause : 1);
    const looked = started.then(() => inspectContainer(this.#client, this.#owner, id));
    const answered = looked.then(
      () => new Promise<boolean>((resolve) => setImmediate(resolve, true)),
      () => started.then(() => true).catch(() => false),
    );
    this.#watch.expect(id, { task: task.id, serviceId: task.serviceId, container, attempt }, answered);
    try {
      return await looked;
    } catch (error) {
      const name = container === undefined ? "ContainerNetworkingError" : "CannotStartContainerError";
      throw refusal(name, error, container);
    }
  }

  async #startUntilPortsAreFree(id: string, tries: number): Promise<void> {
    try {
      await this.#client.json("POST", `/containers/${id}/start`);
    } catch (error) {
      if (tries <= 1 || !(error instanceof EngineError) || !/already in use|already allocated/.test(error.message))
        throw error;
      await this.#startUntilPortsAreFree(id, tries - 1);
    }
  }

  /** 409: it has ended by itself. */
  async #kill(id: string): Promise<void> {
    try {
      await this.#client.json("POST", `/containers/${id}/kill`);
    } catch (error) {
      if (!isEngineError(error, 404, 409)) throw error;
    }
  }
}

/** What the Engine refuses is about the task; that it does not answer is not. */
function refusal(name: string, error: unknown, container?: string): unknown {
  return error instanceof EngineError ? new RuntimeError(name, plainMessage(error), container) : error;
}
