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

const indexes = new WeakMap<KeyTree, Map<string, string[][]>>();

/** Every place that has a key of this name, as the path of the map around it; the shallow ones first. */
export function placesOf(key: string, tree: KeyTree): readonly string[][] {
  let index = indexes.get(tree);
  if (!index) indexes.set(tree, (index = indexOf(tree)));
  return index.get(key) ?? [];
}

function indexOf(tree: KeyTree): Map<string, string[][]> {
  const places = new Map<string, string[][]>();
  let level: { path: string[]; keys: KeyTree }[] = [{ path: [], keys: tree }];
  while (level.length > 0) {
    const next: typeof level = [];
    for (const { path, keys } of level) {
      for (const [name, inside] of Object.entries(keys)) {
        const known = places.get(name);
        if (known) known.push(path);
        else places.set(name, [path]);
        next.push({ path: [...path, name], keys: inside });
      }
    }
    level = next;
  }
  return places;
}
