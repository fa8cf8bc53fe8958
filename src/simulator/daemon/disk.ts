import { statfs } from "node:fs/promises";
import { UserError } from "../../errors.ts";

const lookMs = 1000;
/** With less the disk counts as full, in bytes: what is left is for the state of what runs. */
const reserve = 2 * 2 ** 20;

/** How much room the disk of the state folder has, looked at all the time. */
export class Disk {
  readonly #folder: string;
  readonly #free: (folder: string) => Promise<number>;
  readonly #watchers = new Set<() => void>();
  readonly #timer: NodeJS.Timeout;
  #isFull = false;
  #looking = false;

  /** @param free the bytes that are free */
  constructor(folder: string, free = freeBytes, everyMs = lookMs) {
    this.#folder = folder;
    this.#free = free;
    this.#timer = setInterval(() => void this.look(), everyMs).unref();
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** What a full disk means; undefined while it is not. */
  get problem(): UserError | undefined {
    if (!this.#isFull) return undefined;
    return new UserError(
      "simulator/disk-full",
      `the disk of ${this.#folder} is full: what runs goes on, but nothing new is started and log lines are lost`,
      { hint: `df -h '${this.#folder}'    (when there is space again the simulator goes on by itself)` },
    );
  }

  /** Looks now. A disk that cannot be asked is taken to be as it was. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const isFull = (await this.#free(this.#folder)) < reserve;
      if (isFull === this.#isFull) return;
      this.#isFull = isFull;
      for (const watcher of this.#watchers) watcher();
    } catch {
      // The folder may be about to be removed.
    } finally {
      this.#looking = false;
    }
  }

  onChange(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

/** What this user may still write. */
async function freeBytes(folder: string): Promise<number> {
  const { bavail, bfree, bsize } = await statfs(folder);
  return (process.getuid?.() === 0 ? bfree : bavail) * bsize;
}
