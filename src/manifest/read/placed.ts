import type { Path } from "../problems.ts";

/** A value that has been read as its schema says, with the places it came from. */
export type Placed =
  | { kind: "value"; at: number; value: string | number | boolean }
  | { kind: "list"; at: number; items: Placed[] }
  | PlacedMap
  /** Nothing, or something that counts as nothing and has been reported where it should be. */
  | { kind: "absent"; at: number }
  /** Something that is no value of its field; an error says so. */
  | { kind: "broken"; at: number };

export interface PlacedMap {
  kind: "map";
  at: number;
  entries: Map<string, PlacedEntry>;
}

export interface PlacedEntry {
  keyAt: number;
  value: Placed;
}

/** The plain value; what is absent or broken is left out. */
export function valueOf(placed: Placed): unknown {
  if (placed.kind === "value") return placed.value;
  if (placed.kind === "list") return placed.items.map(valueOf).filter((item) => item !== undefined);
  if (placed.kind !== "map") return undefined;
  const entries = [...placed.entries].map(([key, { value }]) => [key, valueOf(value)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Where to point for a path: at the value of a scalar, at the key of a map or list, at the parent of what is missing. */
export function placeOf(root: Placed, path: Path): number {
  let at = root.at;
  let here: Placed | undefined = root;
  for (const step of path) {
    const { keyAt, value } = child(here, step);
    if (!value) return at;
    at = keyAt === undefined || value.kind === "value" ? value.at : keyAt;
    here = value;
  }
  return at;
}

/** Whether nothing can be said about a path, because it or something around it is broken. */
export function isBroken(root: Placed, path: Path): boolean {
  let here: Placed | undefined = root;
  for (const step of path) {
    if (here?.kind === "broken") return true;
    here = child(here, step).value;
  }
  return here?.kind === "broken";
}

/** Whether something at a path or inside it is broken. */
export function holdsBroken(root: Placed, path: Path): boolean {
  let here: Placed | undefined = root;
  for (const step of path) here = child(here, step).value;
  return here !== undefined && hasBroken(here);
}

function hasBroken(placed: Placed): boolean {
  if (placed.kind === "list") return placed.items.some(hasBroken);
  if (placed.kind === "map") return [...placed.entries.values()].some(({ value }) => hasBroken(value));
  return placed.kind === "broken";
}

function child(parent: Placed | undefined, step: string | number): { keyAt?: number; value?: Placed } {
  if (parent?.kind === "map") return parent.entries.get(String(step)) ?? {};
  if (parent?.kind === "list") return { value: parent.items[Number(step)] };
  return {};
}
