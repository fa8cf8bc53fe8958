/** Waits that AWS makes, in its own milliseconds. Sources and choices: BEHAVIOUR.md. */

const SECOND = 1000;
const HOUR = 3600 * SECOND;

/** A task without a health check counts as healthy after so long in RUNNING. */
export const HEALTHY_AFTER = 40 * SECOND;
/** A task that had reached RUNNING and died is replaced after so long: about one scheduler cadence. */
export const REPLACE_AFTER = 10 * SECOND;
/** An event that would only repeat the newest one is said again after so long. */
export const REPEAT_EVENT_AFTER = 6 * HOUR;
/** A stopped task is shown for so long. */
export const SHOW_STOPPED_FOR = HOUR;

const BACK_OFF = [30, 30, 300, 600, 1620].map((seconds) => seconds * SECOND);

/** The pause before the next start, after this many failed rounds in a row (from 1). */
export function backOff(failures: number): number {
  return BACK_OFF[Math.min(failures, BACK_OFF.length) - 1] ?? 0;
}

/** A wait of AWS's, as long as it takes here. */
export function scaled(milliseconds: number, speed: number): number {
  return Math.ceil(milliseconds / speed);
}
