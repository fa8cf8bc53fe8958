/** The engine's clock: the machine's time, which never runs backwards nor stands still. When somebody sets the machine's
 *  clock back, it goes on at its own pace.
 *  @param notBefore an instant that has been seen already, such as the latest of what is remembered
 *  @returns whole milliseconds since the epoch */
export function steadyClock(
  notBefore: number,
  wall: () => number = Date.now,
  monotonic: () => number = () => performance.now(),
): () => number {
  let now = notBefore;
  let last = monotonic();
  return () => {
    const passed = monotonic();
    now = Math.max(wall(), now + (passed - last));
    last = passed;
    return Math.floor(now);
  };
}
