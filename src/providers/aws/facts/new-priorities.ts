/** Rules that catch all that no other one does stand behind all others. */
const first = 48_000;
const last = 50_000;

/** The priorities of new rules on a listener, in their order. One for all requests gets the next below the least from 48000
 *  to 50000, others get the next above the greatest below 48000; docs/facts.md says so.
 *  @param taken those of the rules that the listener has */
export function newPriorities(bands: readonly ("root" | "path")[], taken: readonly number[]): number[] {
  const held = [...taken];
  return bands.map((band) => {
    const priority =
      band === "root"
        ? Math.min(last + 1, ...held.filter((each) => each >= first && each <= last)) - 1
        : Math.max(0, ...held.filter((each) => each < first)) + 1;
    held.push(priority);
    return priority;
  });
}
