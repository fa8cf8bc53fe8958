import { ownMember } from "../own-member.ts";
import { isKnown, isSame, type Known, Open, type Resolved, resourcesIn, settle, written } from "./resolved.ts";

/** A place in a resource where two templates differ. */
export interface Difference {
  path: Path;
  /** Undefined where there is nothing. */
  before: Resolved | undefined;
  after: Resolved | undefined;
  /** False where only the deployment can tell whether the values differ. */
  certain: boolean;
}

/** A place that is the same, as long as the resources that it takes something from stay the ones that they are. */
export interface Dependent {
  path: Path;
  value: Resolved;
  resources: string[];
}

/** Keys of maps, and of lists what their items are called, in brackets. */
export type Path = readonly string[];

/** What is known of the stack as it is, and of it after the update. */
export interface KnownOnBothSides {
  before: Known;
  after: Known;
}

/** All places where two values differ. Order counts; whether a JSON text is written in one line or in several does not. */
export function differences(
  before: Resolved | undefined,
  after: Resolved | undefined,
  known: KnownOnBothSides,
): { changed: Difference[]; dependent: Dependent[] } {
  const changed: Difference[] = [];
  const dependent: Dependent[] = [];

  function visit(path: Path, a: Resolved | undefined, b: Resolved | undefined, certain = true): void {
    if (a === undefined && b === undefined) return;
    if (a === undefined || b === undefined) {
      const there = a ?? b;
      changed.push({ path, before: a, after: b, certain: certain && !(there instanceof Open && there.fn === "If") });
    } else if (Array.isArray(a) && Array.isArray(b)) visitLists(path, a, b, certain);
    else if (isMap(a) && isMap(b)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
        visit([...path, key], ownMember(a, key), ownMember(b, key), certain);
    } else visitLeaves(path, a, b, certain);
  }

  function visitLeaves(path: Path, a: Resolved, b: Resolved, certain: boolean): void {
    if (isSame(a, b)) return same(path, b);
    const [one, other] = [settle(a, known.before), settle(b, known.after)];
    if (isSame(one, other)) return same(path, b);
    if (isAlike(one, other)) return visit(path, one, other, certain);
    const [json, otherJson] = [jsonIn(one), jsonIn(other)];
    if (json === undefined || otherJson === undefined)
      changed.push({ path, before: a, after: b, certain: certain && isKnown(one) && isKnown(other) });
    else if (isSame(json, otherJson)) same(path, b);
    else visit(path, json, otherJson, certain && isKnown(one) && isKnown(other));
  }

  function visitLists(path: Path, a: Resolved[], b: Resolved[], certain: boolean): void {
    const [names, otherNames] = [namesOf(a), namesOf(b)];
    if (names && otherNames && a.length + b.length > 0) return visitNamed(path, [a, names], [b, otherNames], certain);
    if (![...a, ...b].some(isStructure)) return visitScalars(path, a, b, certain);
    const differs = a.findIndex((item, index) => !agrees(item, b[index]));
    const head = differs === -1 ? a.length : differs;
    let tail = 0;
    while (tail < Math.min(a.length, b.length) - head && agrees(a.at(-1 - tail), b.at(-1 - tail))) tail++;
    const stretches = [
      { at: 0, one: a.slice(0, head), other: b.slice(0, head) },
      { at: head, one: a.slice(head, a.length - tail), other: b.slice(head, b.length - tail) },
      { at: b.length - tail, one: a.slice(a.length - tail), other: b.slice(b.length - tail) },
    ];
    for (const { at, one, other } of stretches)
      for (let index = 0; index < Math.max(one.length, other.length); index++)
        visit([...path, `[${at + index}]`], one[index], other[index], certain);
  }

  function visitNamed(
    path: Path,
    [a, names]: [Resolved[], string[]],
    [b, otherNames]: [Resolved[], string[]],
    certain: boolean,
  ): void {
    const all = new Set([...names, ...otherNames]);
    for (const name of all) visit([...path, `[${name}]`], a[names.indexOf(name)], b[otherNames.indexOf(name)], certain);
    const order = names.filter((name) => otherNames.includes(name));
    const otherOrder = otherNames.filter((name) => names.includes(name));
    if (!isSame(order, otherOrder))
      changed.push({ path: [...path, "(order)"], before: order, after: otherOrder, certain });
  }

  function visitScalars(path: Path, a: Resolved[], b: Resolved[], certain: boolean): void {
    if (a.length === b.length && a.every((item, index) => agrees(item, b[index]))) return same(path, b);
    const open = [...a, ...b].some((item) => !isKnown(item));
    changed.push({ path, before: a, after: b, certain: certain && (a.length !== b.length || !open) });
  }

  function agrees(a: Resolved | undefined, b: Resolved | undefined): boolean {
    return differences(a, b, known).changed.length === 0;
  }

  function same(path: Path, value: Resolved): void {
    const resources = resourcesIn(value);
    if (resources.length > 0) dependent.push({ path, value, resources });
  }

  visit([], before, after);
  return { changed, dependent };
}

function isMap(value: Resolved): value is { [key: string]: Resolved } {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof Open);
}

/** Both lists, or both maps. */
function isAlike(a: Resolved, b: Resolved): boolean {
  return isStructure(a) && isStructure(b) && Array.isArray(a) === Array.isArray(b);
}

function isStructure(value: Resolved): boolean {
  return typeof value === "object" && !(value instanceof Open);
}

const naming = [
  "Name",
  "Key",
  "PolicyName",
  "Sid",
  "SourceVolume",
  "ContainerName",
  "AttributeName",
  "IndexName",
  "Id",
];

/** What the items of a list are called, if all are called something, and no two the same. */
function namesOf(items: readonly Resolved[]): string[] | undefined {
  const names = items.map((item) =>
    isMap(item) ? naming.map((key) => item[key]).find((name) => name !== undefined) : 0,
  );
  if (!names.every((name) => typeof name === "string")) return undefined;
  return new Set(names).size === names.length ? names : undefined;
}

/** The map or list that a text holds in JSON; what is open in it stands as it is written in a template. */
function jsonIn(value: Resolved): Resolved | undefined {
  if (isStructure(value)) return undefined;
  const text = written(value) as string | { "Fn::Sub"?: string };
  const whole = typeof text === "string" ? text : (text["Fn::Sub"] ?? "");
  if (!/^\s*[{[]/.test(whole)) return undefined;
  try {
    return textsIn(JSON.parse(whole));
  } catch {
    return undefined;
  }
}

function textsIn(value: unknown): Resolved {
  if (Array.isArray(value)) return value.map(textsIn);
  if (typeof value !== "object" || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, textsIn(item)]));
}
