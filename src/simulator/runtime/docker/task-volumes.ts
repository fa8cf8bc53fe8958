import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { pack } from "tar-stream";
import { efsFolders } from "../efs.ts";
import type { EfsFolder } from "../efs.ts";
import { RuntimeError } from "../runtime.ts";
import type { TaskToRun } from "../runtime.ts";
import { pauseEfs } from "./container-spec.ts";
import type { EngineClient } from "./engine-client.ts";
import { EngineError, isEngineError, plainMessage } from "./engine-error.ts";
import { isOwnedBy, ownedFilter, volumeLabels, volumeName } from "./labels.ts";

/** The volumes of tasks: empty ones that go with the task, and the folders of EFS file systems. */
export class TaskVolumes {
  readonly #client: EngineClient;
  readonly #owner: string;
  readonly #efsFolder: string | undefined;

  constructor(client: EngineClient, owner: string, efsFolder: string | undefined) {
    this.#client = client;
    this.#owner = owner;
    this.#efsFolder = efsFolder;
  }

  /** Makes the folders of the file systems, which a container has to find when it is created. Any user may write there,
   *  since the users of containers are none of this machine; the folder that holds them is its owner's alone.
   *  @throws RuntimeError CannotCreateVolumeError */
  makeFileSystems(task: TaskToRun): void {
    for (const { volume, root, path, owner } of efsFolders(task, this.#efsFolder))
      try {
        makeOpenFolder(this.#efsFolder!, root);
        if (owner === undefined) makeOpenFolder(root, path);
      } catch (error) {
        throw cannotCreate(volume, (error as Error).message);
      }
  }

  /** Makes the rest, through the pause container: it may give folders to any user, as the Engine does not run as ours.
   *  @throws RuntimeError CannotCreateVolumeError */
  async make(task: TaskToRun, pauseId: string): Promise<void> {
    for (const folder of efsFolders(task, this.#efsFolder))
      if (folder.owner !== undefined) await this.#makeOwned(folder, pauseId);
    const volumes = task.plan.taskDefinition.volumes ?? [];
    const empty = volumes.filter(({ efsVolumeConfiguration }) => efsVolumeConfiguration === undefined);
    await Promise.all(empty.map(({ name = "" }) => this.#makeEmpty(task, name)));
  }

  /** To be called when no container of the task is left. */
  async remove(task: string): Promise<void> {
    const query = { filters: ownedFilter(this.#owner, {}, task) };
    const { Volumes } = await this.#client.json<{ Volumes: { Name: string }[] | null }>("GET", "/volumes", { query });
    await Promise.all(
      (Volumes ?? []).map(({ Name }) =>
        this.#client.json("DELETE", `/volumes/${Name}`).catch((error: unknown) => {
          if (!isEngineError(error, 404)) throw error;
        }),
      ),
    );
  }

  async #makeEmpty(task: TaskToRun, volume: string): Promise<void> {
    const body = { Name: volumeName(this.#owner, task.id, volume), Labels: volumeLabels(this.#owner, task) };
    try {
      const made = await this.#client.json<{ Labels: Record<string, string> | null }>("POST", "/volumes/create", {
        body,
      });
      if (!isOwnedBy(this.#owner, made.Labels ?? {}))
        throw cannotCreate(volume, `${body.Name} belongs to somebody else`);
    } catch (error) {
      if (error instanceof EngineError) throw cannotCreate(volume, plainMessage(error));
      throw error;
    }
  }

  async #makeOwned({ volume, fileSystem, root, directory, owner }: EfsFolder, pauseId: string): Promise<void> {
    const steps = directory.split("/").map((_, index, all) => all.slice(0, index + 1).join("/"));
    const missing = steps.filter((step) => statSync(join(root, step), { throwIfNoEntry: false }) === undefined);
    if (missing.length === 0) return;
    const archive = pack();
    for (const name of missing) {
      const { uid, gid } = name === directory ? owner! : { uid: 0, gid: 0 };
      // IDs of more than 21 bits do not fit into a plain header.
      archive.entry({ name: `${name}/`, type: "directory", mode: 0o777, pax: { uid: `${uid}`, gid: `${gid}` } });
    }
    archive.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of archive) chunks.push(chunk as Buffer);
    try {
      await this.#client.json("PUT", `/containers/${pauseId}/archive`, {
        query: { path: `${pauseEfs}/${fileSystem}` },
        body: Buffer.concat(chunks),
      });
    } catch (error) {
      if (error instanceof EngineError) throw cannotCreate(volume, plainMessage(error));
      throw error;
    }
  }
}

/** Makes the folders between `from` and `to`, open to every user whatever the umask says. */
function makeOpenFolder(from: string, to: string): void {
  const before = process.umask(0);
  try {
    mkdirSync(from, { recursive: true, mode: 0o700 });
    mkdirSync(to, { recursive: true, mode: 0o777 });
  } finally {
    process.umask(before);
  }
}

function cannotCreate(volume: string, why: string): RuntimeError {
  return new RuntimeError("CannotCreateVolumeError", `volume ${volume}: ${why}`);
}
