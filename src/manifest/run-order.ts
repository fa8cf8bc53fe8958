/** What comes after what: each name with the names that it waits for. */
export type Dependencies = Readonly<Record<string, readonly string[]>>;

/** How many steps have to be over before each: 0 for what waits for nothing. Names that are not there count as nothing;
 *  what waits for itself in a circle has no place. */
export function ranksOf(dependencies: Dependencies): Map<string, number> {
  const names = Object.keys(dependencies);
  const left = new Map(names.map((name) => [name, known(dependencies, name).length]));
  const followers = new Map<string, string[]>(names.map((name) => [name, []]));
  for (const name of names) for (const before of known(dependencies, name)) followers.get(before)?.push(name);
  const ranks = new Map<string, number>();
  let free = names.filter((name) => left.get(name) === 0);
  for (let rank = 0; free.length > 0; rank++) {
    for (const name of free) ranks.set(name, rank);
    const next: string[] = [];
    for (const name of free.flatMap((each) => followers.get(each) ?? [])) {
      const rest = (left.get(name) ?? 0) - 1;
      left.set(name, rest);
      if (rest === 0) next.push(name);
    }
    free = next;
  }
  return ranks;
}

function known(dependencies: Dependencies, name: string): string[] {
  return [...new Set(dependencies[name])].filter((each) => Object.hasOwn(dependencies, each));
}

/** A circle, from its first name on; undefined when there is none. */
export function circleIn(dependencies: Dependencies): string[] | undefined {
  const ranks = ranksOf(dependencies);
  // From a name without a rank on, there is always another one.
  const next = (name: string) => known(dependencies, name).find((each) => !ranks.has(each));
  const start = Object.keys(dependencies).find((name) => !ranks.has(name));
  const way = new Set<string>();
  for (let here = start; here !== undefined; here = next(here)) {
    if (way.has(here)) return [...way].slice([...way].indexOf(here));
    way.add(here);
  }
  return undefined;
}
