import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";

/** What following a stack takes from outside: time, and names that nobody else has. */
export interface StackTools {
  /** Ends early, without an error, when the signal aborts. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Milliseconds since the epoch. */
  now(): number;
  uuid(): string;
}

export const ownTools: StackTools = {
  pause: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }).catch(() => {}),
  now: Date.now,
  uuid: randomUUID,
};

/** Milliseconds between two questions: short at first, for what is quick; then longer, for what takes minutes. */
export function* delays(): Generator<number, never> {
  const longest = 5000;
  for (let delay = 50; ; delay = Math.min(longest, delay * 2)) yield delay;
}
