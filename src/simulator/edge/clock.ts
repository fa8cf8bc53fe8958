/** The time of the last sweep, in milliseconds: exact enough for time-outs of seconds, and free to read. */
export interface CoarseClock {
  now: number;
}
