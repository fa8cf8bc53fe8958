import { isTransient } from "../transient.ts";
import type { StackTools } from "./tools.ts";

const limit = 5 * 60_000;
const between = 5000;

/** Asks until there is an answer: neither throttling nor a network that is away for up to five minutes ends what is only
 *  watched. Undefined: the signal aborted. */
export async function patiently<T>(
  ask: () => Promise<T>,
  { pause, now }: StackTools,
  signal: AbortSignal,
): Promise<T | undefined> {
  const began = now();
  while (!signal.aborted) {
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!isTransient(error) || now() - began > limit) throw error;
      await pause(between, signal);
    }
  }
  return undefined;
}
