import type { Host } from "./host.ts";

/** Ctrl-C, counted. The first goes to the command if it has taken interrupts over; any other one leaves at once. */
export class Interrupts {
  /** Resolves, with what to say about it, when the program is to be left without waiting for the command. */
  readonly left: Promise<string>;
  readonly #leave: (message: string) => void;
  readonly #cleanups = new Set<Cleanup>();
  readonly #release: () => void;
  #handler: (() => void) | undefined;
  #count = 0;
  #isOthers = false;

  constructor(host: Host) {
    let resolve: (message: string) => void = () => {};
    this.left = new Promise((done) => (resolve = done));
    this.#leave = resolve;
    this.#release = host.onInterrupt(() => this.#receive());
  }

  /** Lets the command answer the first interrupt itself. */
  take(handler: () => void): void {
    this.#handler = handler;
  }

  /** Leaves every interrupt to another program that has the terminal. Returns how to take that back. */
  leaveToOther(): () => void {
    this.#isOthers = true;
    return () => {
      this.#isOthers = false;
    };
  }

  /** Runs when the program is left in the middle, such as to show the cursor again. Returns how to take it back. */
  onLeave(cleanup: Cleanup): () => void {
    this.#cleanups.add(cleanup);
    return () => this.#cleanups.delete(cleanup);
  }

  end(): void {
    this.#release();
  }

  #receive(): void {
    if (this.#isOthers) return;
    this.#count++;
    if (this.#count === 1 && this.#handler !== undefined) return this.#handler();
    const messages = [...this.#cleanups].map((cleanup) => cleanup()).filter((message) => message !== undefined);
    this.#leave(messages.join("\n") || "interrupted");
  }
}

/** Puts something in order, at once; answers what the user must know, if anything. */
type Cleanup = () => string | undefined;
