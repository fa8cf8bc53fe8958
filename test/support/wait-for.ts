import { setTimeout as delay } from "node:timers/promises";

/** Asks again and again until the answer is neither undefined, false nor null, and returns it. An error counts as "not
 *  yet". @throws after the deadline, with what was waited for and what came last */
export async function waitFor<T>(
  what: string,
  ask: () => T | Promise<T>,
  { deadlineMs = 30_000, everyMs = 50 }: { deadlineMs?: number; everyMs?: number } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    let last: unknown;
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) {
        return answer as NonNullable<Exclude<T, false>>;
      }
      last = answer;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`waited ${deadlineMs / 1000} s for ${what}; last: ${String(last)}`, { cause: last });
    }
    await delay(everyMs);
  }
}
