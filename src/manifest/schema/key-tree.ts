import type { z } from "zod";
import { formsOf } from "./forms.ts";

/** Keys inside one another; `*` stands for a key that the user chooses. Lists are looked through. */
export interface KeyTree {
  readonly [key: string]: KeyTree;
}

const trees = new WeakMap<z.ZodType, KeyTree>();

/** The keys that a schema knows. */
export function keyTree(schema: z.ZodType): KeyTree {
  let tree = trees.get(schema);
  if (!tree) trees.set(schema, (tree = Object.assign({}, ...formsOf(schema).map(keysOfForm)) as KeyTree));
  return tree;
}

function keysOfForm(form: ReturnType<typeof formsOf>[number]): KeyTree {
  if (form.kind === "list") return keyTree(form.item);
  if (form.kind !== "map") return {};
  if (form.values) return { "*": keyTree(form.values) };
  return Object.fromEntries(Object.entries(form.fields ?? {}).map(([key, field]) => [key, keyTree(field)]));
}

/** The keys below a path; undefined when the tree does not have it. */
export function below(tree: KeyTree, path: readonly (string | number)[]): KeyTree | undefined {
  let here: KeyTree | undefined = tree;
  for (const step of path) {
    if (typeof step === "number") continue;
    here = here && Object.hasOwn(here, step) ? here[step] : here?.["*"];
  }
  return here;
}

/** Every place that has a key of this name, as the path of the map around it; the shallow ones first. */
export function placesOf(key: string, tree: KeyTree): readonly string[][] {
  let places = placesIn.get(tree);
  if (!places) placesIn.set(tree, (places = indexed(tree)));
  return places.get(key) ?? [];
}

/** A file may hold thousands of unknown keys, and a tree never changes. */
const placesIn = new WeakMap<KeyTree, Map<string, string[][]>>();

function indexed(tree: KeyTree): Map<string, string[][]> {
  const places = new Map<string, string[][]>();
  let level: { path: string[]; keys: KeyTree }[] = [{ path: [], keys: tree }];
  while (level.length > 0) {
    for (const { path, keys } of level) {
      for (const name of Object.keys(keys)) places.set(name, [...(places.get(name) ?? []), path]);
    }
    level = level.flatMap(({ path, keys }) =>
      Object.entries(keys).map(([name, inside]) => ({ path: [...path, name], keys: inside })),
    );
  }
  return places;
}
