/** So few that what one of them needed is garbage before it is old, which is what takes time with a thousand of them. */
const atOnce = 4;

/** Does the same with each item, some at a time; the answers come in the order of the items. */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  each: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(each))));
  }
  return results;
}
