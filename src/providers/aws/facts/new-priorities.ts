/** Rules that catch all that no other one does stand behind all others. */
const first = 48_000;
const last = 50_000;

/** The priorities of new rules on a listener, in their order. One for all requests gets the next below the least from 48000
 *  to 50000, others get the next above the greatest below 48000; docs/facts.md says so. Where that leads out of its band, the
 *  nearest that is free; undefined when none is.
 *  @param taken those of the rules that the listener has */
export function newPriorities(bands: readonly ("root" | "path")[], taken: readonly number[]): (number | undefined)[] {
  const held = new Set(taken);
  return bands.map((band) => {
    const priority = band === "root" ? nextForRoot(held) : nextForPath(held);
    if (priority !== undefined) held.add(priority);
    return priority;
  });
}

function nextForRoot(held: ReadonlySet<number>): number | undefined {
  const least = Math.min(last + 1, ...[...held].filter((each) => each >= first));
  return least > first ? least - 1 : freeBetween(held, last, first);
}

function nextForPath(held: ReadonlySet<number>): number | undefined {
  const greatest = Math.max(0, ...[...held].filter((each) => each < first));
  return greatest < first - 1 ? greatest + 1 : freeBetween(held, first - 1, 1);
}

function freeBetween(held: ReadonlySet<number>, from: number, to: number): number | undefined {
  for (let each = from; each >= to; each--) if (!held.has(each)) return each;
  return undefined;
}
