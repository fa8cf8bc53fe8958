import { checkTask } from "../check-task.ts";
import type { EngineAddress } from "../engine-address.ts";
import { RuntimeError } from "../runtime.ts";
import type {
  DiscoveryNames,
  ExecSession,
  Listener,
  LogPosition,
  PreparedTask,
  Runtime,
  Terminal,
} from "../runtime.ts";
import type { RuntimeContainer, RuntimeObserver, TaskToRun } from "../runtime.ts";
import type { ConnectedEngine } from "./connect-engine.ts";
import { inspectContainer, listContainers } from "./containers.ts";
import { joinNetworks, setNames } from "./discovery.ts";
import type { EngineClient } from "./engine-client.ts";
import { isEngineError } from "./engine-error.ts";
import { EnvironmentNetworks } from "./environment-networks.ts";
import { EngineEvents } from "./events.ts";
import { execInContainer } from "./exec.ts";
import { TaskImages } from "./images.ts";
import { KeptImages } from "./kept-images.ts";
import { containerName, environmentOfLabels, type NetworkKind } from "./labels.ts";
import { readListeners } from "./listeners.ts";
import { hasConnect } from "../task-definition.ts";
import { PauseImage } from "./pause-image.ts";
import { killContainer, removeContainers, removeOwned } from "./remove.ts";
import { resumeAll, whileStill } from "./still.ts";
import { TaskContainers } from "./task-containers.ts";
import { TaskVolumes } from "./task-volumes.ts";
import { ContainerWatch } from "./watch.ts";

/** The Engine needs a moment beyond the container's own time. */
const stopSlackMs = 60_000;
/** How long the rest of a log is waited for before its container is removed. */
const lastLinesMs = 10_000;

export interface DockerRuntimeParts extends ConnectedEngine {
  address: EngineAddress;
  owner: string;
  observer: RuntimeObserver;
  logPosition: LogPosition;
  efsFolder: string | undefined;
}

export class DockerRuntime implements Runtime {
  readonly kind = "docker";
  readonly description: string;
  readonly #client: EngineClient;
  readonly #owner: string;
  readonly #images: TaskImages;
  readonly #keptImages: KeptImages;
  readonly #containers: TaskContainers;
  readonly #networks: EnvironmentNetworks;
  readonly #volumes: TaskVolumes;
  readonly #watch: ContainerWatch;
  readonly #events: EngineEvents;

  constructor({ client, version, architecture, taskCgroups, efsFolder, ...parts }: DockerRuntimeParts) {
    const { address, owner, observer, logPosition } = parts;
    this.description = `docker (Engine ${version})`;
    this.#client = client;
    this.#owner = owner;
    this.#images = new TaskImages(client, address);
    this.#keptImages = new KeptImages(client, owner);
    this.#networks = new EnvironmentNetworks(client, owner);
    this.#volumes = new TaskVolumes(client, owner, efsFolder);
    const watch = new ContainerWatch({ client, owner, observer, logPosition });
    this.#watch = watch;
    const pauseImage = new PauseImage(client, owner, architecture);
    this.#containers = new TaskContainers({ client, owner, watch, pauseImage, host: { taskCgroups, efsFolder } });
    this.#events = new EngineEvents(client, owner, {
      event: (event) => watch.event(event),
      down: (why) => observer.available(false, why),
      up: async () => {
        await watch.compare();
        observer.available(true);
      },
    });
  }

  /** @throws EngineError, RuntimeUnavailableError */
  async open(): Promise<void> {
    await this.#events.open();
  }

  async prepareTask(task: TaskToRun): Promise<PreparedTask> {
    checkTask(task);
    const images = await this.#resolveImages(task);
    this.#volumes.makeFileSystems(task);
    const kinds: NetworkKind[] = hasConnect(task) ? ["names", "aliases"] : ["names"];
    const standing = await this.#networks.joining(task.plan, kinds, async (networks) => {
      const pause = await this.#containers.createPause(task);
      if (pause.fresh) {
        await Promise.all([joinNetworks(this.#client, networks, pause.id), this.#volumes.make(task, pause.id)]);
        // Creating takes the Engine about as long as starting, so both go on side by side.
        for (const [container, image] of Object.entries(images))
          this.#containers.createAhead(task, container, image, pause.id);
      }
      return await this.#standing(task, pause, undefined, 0);
    });
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
    const image = task.images[container] ?? (await this.#images.resolve(task, container));
    const made = await this.#containers.create(task, container, attempt, image);
    const standing = await this.#standing(task, made, container, attempt);
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
    if (found?.state !== "running") return;
    this.#watch.stopping(found);
    try {
      const call = { query: { t: timeoutSeconds }, timeoutMs: timeoutSeconds * 1000 + stopSlackMs };
      await this.#client.json("POST", `/containers/${found.runtimeId}/stop`, call);
    } catch (error) {
      if (!isEngineError(error, 404)) throw error;
    }
  }

  async removeTask(task: string): Promise<void> {
    await this.#containers.settled(task);
    const found = await listContainers(this.#client, this.#owner, task);
    this.#watch.silence(found);
    const written = found.filter(({ container, state }) => container !== undefined && state !== "created");
    const running = written.filter(({ state }) => state === "running");
    await Promise.all(running.map(({ runtimeId }) => killContainer(this.#client, runtimeId)));
    await Promise.all(written.map((container) => this.#watch.drained(container, lastLinesMs)));
    await removeContainers(this.#client, found);
    this.#watch.forget(found);
    await this.#volumes.remove(task);
    await this.#networks.removeUnused();
  }

  async attachDiscovery(task: string, { names, aliases }: DiscoveryNames): Promise<void> {
    const pause = containerName(this.#owner, task);
    const still = <T>(work: () => Promise<T>) => whileStill(this.#client, this.#owner, task, work);
    await setNames(this.#client, pause, still, (labels) => {
      const environment = environmentOfLabels(this.#owner, labels);
      if (environment === undefined) return {};
      const network = (kind: NetworkKind) => this.#networks.nameOf(environment, kind);
      return { [network("names")]: names, ...(environment.connect ? { [network("aliases")]: aliases } : {}) };
    });
  }

  async detachDiscovery(task: string): Promise<void> {
    await this.attachDiscovery(task, { names: [], aliases: [] });
  }

  async exec(
    task: string,
    container: string,
    command: string[],
    terminal: Terminal = { tty: false },
  ): Promise<ExecSession> {
    const found = await listContainers(this.#client, this.#owner, task);
    const running = found.find((one) => one.container === container && one.state === "running");
    if (running === undefined)
      throw new RuntimeError("TargetNotConnectedException", `container ${container} is not running`, container);
    return await execInContainer(this.#client, running.runtimeId, command, terminal);
  }

  async list(): Promise<RuntimeContainer[]> {
    return await listContainers(this.#client, this.#owner);
  }

  async adopt(tasks: Pick<TaskToRun, "id">[]): Promise<void> {
    await resumeAll(this.#client, this.#owner);
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

  async keepImages(ids: string[]): Promise<void> {
    await this.#keptImages.keep(ids);
  }

  async pruneImages(needed: string[], repositories: string[]): Promise<void> {
    await this.#keptImages.prune(needed, repositories);
  }

  async removeAll(): Promise<void> {
    await this.#containers.settled();
    const found = await this.list();
    this.#watch.silence(found);
    await removeOwned(this.#client, this.#owner, found);
    await this.#keptImages.release();
    this.#watch.forget(found);
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

  /** The container as it is once it has been started; one that has run before is never started again. */
  async #standing(
    task: TaskToRun,
    { id, fresh }: { id: string; fresh: boolean },
    container: string | undefined,
    attempt: number,
  ): Promise<RuntimeContainer | undefined> {
    return fresh
      ? await this.#containers.start(task, id, container, attempt)
      : await inspectContainer(this.#client, this.#owner, id);
  }
}
