import { setTimeout } from "node:timers/promises";

/** How often AWS is asked for something that takes its time. */
export interface Pace {
  /** Milliseconds before the next question; they grow to ten times as much. */
  first: number;
  /** Milliseconds after which it is given up. */
  most: number;
}

/** The waits for what belongs to domains. */
export interface Paces {
  /** Until all name servers of Route 53 have a change: a minute as a rule. */
  records: Pace;
  /** Until a certificate is issued: minutes, once its zones are found from everywhere. */
  certificate: Pace;
  /** Until nothing uses a certificate any more. */
  unused: Pace;
  /** Until App Runner has a name active. */
  customDomain: Pace;
  /** Until a role that was just given rights has them. */
  rights: Pace;
  /** Until CloudFront has forgotten what it kept. */
  invalidation: Pace;
}

export const usualPaces: Paces = {
  records: { first: 1000, most: 5 * 60_000 },
  certificate: { first: 1000, most: 15 * 60_000 },
  unused: { first: 1000, most: 5 * 60_000 },
  customDomain: { first: 2000, most: 15 * 60_000 },
  rights: { first: 500, most: 15_000 },
  invalidation: { first: 1000, most: 10 * 60_000 },
};

/** Asks until there is an answer. @returns undefined when there was none in time @throws the signal's reason */
export async function poll<T>(
  ask: () => Promise<T | undefined>,
  { first, most }: Pace,
  signal: AbortSignal,
): Promise<T | undefined> {
  const end = Date.now() + most;
  for (let delay = first; ; delay = Math.min(delay * 1.5, first * 10)) {
    signal.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() + delay > end) return undefined;
    await setTimeout(delay, undefined, { signal });
  }
}

/** Asks again while a role that was just given the right to ask does not have it everywhere.
 *  @throws what was thrown last */
export async function withNewRights<T>(ask: () => Promise<T>, { first, most }: Pace): Promise<T> {
  const end = Date.now() + most;
  for (let delay = first; ; delay *= 1.5) {
    try {
      return await ask();
    } catch (error) {
      const isDenied = error instanceof Error && /^AccessDenied(Exception)?$/.test(error.name);
      if (!isDenied || Date.now() + delay > end) throw error;
      await setTimeout(delay);
    }
  }
}
