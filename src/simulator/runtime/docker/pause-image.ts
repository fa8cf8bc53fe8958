import { createHash } from "node:crypto";
import { pack } from "tar-stream";
import { elfExecutable } from "../pause/elf.ts";
import type { Architecture } from "../pause/elf.ts";
import { amd64, arm64 } from "../pause/machine-code.ts";
import type { EngineClient } from "./engine-client.ts";
import { ownedBy } from "./labels.ts";

const machineCode: Record<Architecture, Buffer> = { amd64, arm64 };
const builtAt = "2026-01-01T00:00:00Z";

/** The image of the pause container: one static program of ours, loaded as an archive, which works on every Engine and
 *  needs no registry. It carries the owner's label, so each owner has its own. */
export class PauseImage {
  readonly reference: string;
  readonly #client: EngineClient;
  readonly #architecture: Architecture;
  readonly #owner: string;
  #loading: Promise<void> | undefined;

  constructor(client: EngineClient, owner: string, architecture: Architecture) {
    this.#client = client;
    this.#owner = owner;
    this.#architecture = architecture;
    const hash = sha256(Buffer.concat([machineCode[architecture], Buffer.from(owner)])).slice(0, 16);
    this.reference = `pilotfish/pause:${hash}`;
  }

  /** Loads it; once, however many ask. */
  async load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => (this.#loading = undefined));
    await this.#loading;
  }

  async #load(): Promise<void> {
    const body = await this.#archive();
    await this.#client.json("POST", "/images/load", { query: { quiet: true }, body });
  }

  /** As `docker save` writes it. */
  async #archive(): Promise<Buffer> {
    const program = elfExecutable(this.#architecture, machineCode[this.#architecture]);
    const layer = await tar({ pause: program });
    const config = JSON.stringify({
      architecture: this.#architecture,
      os: "linux",
      created: builtAt,
      config: { Entrypoint: ["/pause"], Labels: ownedBy(this.#owner) },
      rootfs: { type: "layers", diff_ids: [`sha256:${sha256(layer)}`] },
      history: [{ created: builtAt, created_by: "pilotfish" }],
    });
    const configName = `${sha256(Buffer.from(config))}.json`;
    const layerName = `${sha256(layer)}/layer.tar`;
    const manifest = JSON.stringify([{ Config: configName, RepoTags: [this.reference], Layers: [layerName] }]);
    return await tar({ [layerName]: layer, [configName]: Buffer.from(config), "manifest.json": Buffer.from(manifest) });
  }
}

async function tar(files: Record<string, Buffer>): Promise<Buffer> {
  const archive = pack();
  const mtime = new Date(builtAt);
  for (const [name, content] of Object.entries(files)) archive.entry({ name, mode: 0o755, mtime }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
