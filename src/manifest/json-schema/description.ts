/** What an editor tells of a field. */
export interface Description {
  about: string;
  /** What counts when the field is not there. */
  default?: unknown;
  /** What to offer in its place. */
  examples?: readonly unknown[];
  /** Editors strike it out. */
  deprecated?: true;
}

/** By the keys that lead to a field, with dots between; `*` stands for a key that the user chooses, and lists are looked
 *  through. */
export type Descriptions = Readonly<Record<string, string | Description>>;

/** The same fields below a key; the entry `""` is the key's own. */
export function under(key: string, descriptions: Descriptions): Descriptions {
  const below = Object.entries(descriptions).map(
    ([path, text]) => [path === "" ? key : `${key}.${path}`, text] as const,
  );
  return Object.fromEntries(below);
}
