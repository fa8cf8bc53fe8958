import { durationSeconds } from "../manifest/duration.ts";

/** The whole seconds of a duration that has been checked, cut as Copilot cuts them. */
export function seconds(duration: string): number {
  const exact = durationSeconds(duration);
  if (exact === undefined) throw new Error(`not a duration: ${duration}`);
  // Rounded to nanoseconds first, Go's own resolution, so that 0.7s0.1s0.2s does not lose a second.
  return Math.trunc(Number(exact.toFixed(9)));
}
