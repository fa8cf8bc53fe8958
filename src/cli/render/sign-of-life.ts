import type { Host } from "../host.ts";
import { clean } from "./clean.ts";
import { durationText } from "./words.ts";

/** In milliseconds. Some systems for continuous integration end a program that says nothing for a few minutes. */
const longestSilence = 30_000;

/** Where lines are only ever appended: says what is waited for, and how long by now, whenever nothing has been said for
 *  half a minute. */
export class SignOfLife {
  readonly #host: Pick<Host, "now" | "every">;
  readonly #startedAt: number;
  readonly #stopWatching: () => void;
  #lastAt: number;

  /** @param doing `waiting for 1 task to start` */
  constructor(host: Pick<Host, "now" | "every">, doing: () => string, say: (line: string) => void) {
    this.#host = host;
    this.#startedAt = this.#lastAt = host.now();
    this.#stopWatching = host.every(1000, () => {
      const now = host.now();
      if (now - this.#lastAt < longestSilence) return;
      this.heard();
      say(`still ${clean(doing())}, ${durationText(now - this.#startedAt)} so far`);
    });
  }

  /** Something has been said. */
  heard(): void {
    this.#lastAt = this.#host.now();
  }

  end(): void {
    this.#stopWatching();
  }
}
