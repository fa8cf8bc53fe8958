import type { Host } from "./host.ts";

/** Ctrl-C, counted. The first goes to the command if it has taken interrupts over; any other one leaves at once. */
export class Interrupts {
  /** Resolves when the program is to be left without waiting for the command. */
  readonly left: Promise<void>;
  readonly #leave: () => void;
  readonly #cleanups = new Set<() => void>();
  readonly #release: () => void;
  #handler: (() => void) | undefined;
  #count = 0;

  constructor(host: Host) {
    let resolve = (): void => {};
    this.left = new Promise((done) => (resolve = done));
    this.#leave = resolve;
    this.#release = host.onInterrupt(() => this.#receive());
  }

  /** Lets the command answer the first interrupt itself. */
  take(handler: () => void): void {
    this.#handler = handler;
  }

  /** Runs when the program is left in the middle, such as to show the cursor again. Returns how to take it back. */
  onLeave(cleanup: () => void): () => void {
    this.#cleanups.add(cleanup);
    return () => this.#cleanups.delete(cleanup);
  }

  end(): void {
    this.#release();
  }

  #receive(): void {
    this.#count++;
    if (this.#count === 1 && this.#handler !== undefined) return this.#handler();
    for (const cleanup of this.#cleanups) cleanup();
    this.#leave();
  }
}
