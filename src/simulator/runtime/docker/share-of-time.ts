import { waitFor } from "./wait.ts";

/** A share of this thread's time for work that can wait, so that what cannot wait gets the rest of it. */
export class ShareOfTime {
  readonly #share: number;
  readonly #burstMs: number;
  readonly #now: () => number;
  /** Milliseconds that may be spent at once; negative while too much has been spent. */
  #credit: number;
  #at: number;

  /** @param share between 0 and 1
   *  @param burstMs what may be spent at once after a rest
   *  @param now milliseconds on a clock that never runs backwards */
  constructor(share: number, burstMs: number, now: () => number = () => performance.now()) {
    this.#share = share;
    this.#burstMs = burstMs;
    this.#now = now;
    this.#credit = burstMs;
    this.#at = now();
  }

  /** Hands on what a source gives, at the pace that leaves the rest of the time to others: until then the source is not
   *  read, which makes it wait. */
  async *pace<T>(source: AsyncIterable<T>, signal?: AbortSignal): AsyncGenerator<T, void, void> {
    for await (const item of source) {
      const begun = this.#now();
      yield item;
      const pause = this.#spend(this.#now() - begun);
      if (pause > 0) await waitFor(pause, signal);
    }
  }

  /** @returns for how long to wait before more is spent, in milliseconds */
  #spend(milliseconds: number): number {
    const now = this.#now();
    this.#credit = Math.min(this.#burstMs, this.#credit + (now - this.#at) * this.#share) - milliseconds;
    this.#at = now;
    return this.#credit < 0 ? Math.ceil(-this.#credit / this.#share) : 0;
  }
}
