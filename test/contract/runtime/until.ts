import { setTimeout as sleep } from "node:timers/promises";

/** Waits for something to become true (or anything but undefined, false or an error), at most 20 s. */
export async function until<T>(what: string, look: () => T | Promise<T>): Promise<NonNullable<T>> {
  const deadline = Date.now() + 20_000;
  for (let last: unknown; ; await sleep(20)) {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== null && seen !== false) return seen;
      last = seen;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`waited in vain until ${what}; last seen: ${String(last)}`);
  }
}
