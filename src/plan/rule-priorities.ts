/** A rule that a workload wants on a listener. */
export interface WantedRule {
  /** The parameter that holds its priority: `HTTPSRulePriority1`. */
  parameter: string;
  /** The listener's ARN. */
  listener: string;
  /** The path as the manifest gives it; `/` is the one that everything else goes before. */
  path: string;
}

/** A listener's rules as Elastic Load Balancing tells of them: `default`, or a number. */
export type ListenerRules = readonly { Priority?: string | undefined }[];

/** Rules for `/` stand from here to the last priority there is. */
const firstForRoot = 48_000;
const last = 50_000;

/** The priorities of a workload's rules, by parameter. A rule that has one keeps it. A new one for `/` gets one less than
 *  the least of its kind, from 50000 down; another one gets one more than the greatest, from 1 up; where that leads out of
 *  its range, the nearest that is free. Rules that are wanted together get different ones.
 *  @param rules by the listener's ARN
 *  @returns no member for a rule when its listener has no priority left */
export function choosePriorities(
  rules: Readonly<Record<string, ListenerRules>>,
  wanted: readonly WantedRule[],
  deployed: Readonly<Record<string, number>> = {},
): Record<string, number> {
  const chosen: Record<string, number> = {};
  const taken = new Map(wanted.map(({ listener }) => [listener, prioritiesOf(rules[listener])]));
  for (const { parameter, listener } of wanted) {
    const kept = Object.hasOwn(deployed, parameter) ? deployed[parameter] : undefined;
    if (kept === undefined) continue;
    chosen[parameter] = kept;
    taken.get(listener)?.add(kept);
  }
  for (const { parameter, listener, path } of wanted) {
    if (Object.hasOwn(chosen, parameter)) continue;
    const others = taken.get(listener) ?? new Set();
    const priority = path === "/" ? nextForRoot(others) : nextForPath(others);
    if (priority === undefined) continue;
    chosen[parameter] = priority;
    others.add(priority);
  }
  return chosen;
}

function prioritiesOf(rules: ListenerRules = []): Set<number> {
  return new Set(rules.map(({ Priority }) => Number(Priority)).filter(Number.isInteger));
}

function nextForRoot(taken: ReadonlySet<number>): number | undefined {
  const least = Math.min(last + 1, ...[...taken].filter((each) => each >= firstForRoot));
  if (least > firstForRoot) return least - 1;
  return freeBetween(taken, last, firstForRoot);
}

function nextForPath(taken: ReadonlySet<number>): number | undefined {
  const greatest = Math.max(0, ...[...taken].filter((each) => each < firstForRoot));
  if (greatest < firstForRoot - 1) return greatest + 1;
  return freeBetween(taken, firstForRoot - 1, 1);
}

function freeBetween(taken: ReadonlySet<number>, from: number, to: number): number | undefined {
  for (let each = from; each >= to; each--) if (!taken.has(each)) return each;
  return undefined;
}
