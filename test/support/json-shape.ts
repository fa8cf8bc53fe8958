/** Where in a document what kinds of values stand: `tasks[].id` → `text`. Elements of a list count as one, as do several documents
 *  of one kind. */
export type JsonShape = Record<string, string>;

/** @param maps paths of objects whose keys are data: one stands for all */
export function shapeOf(documents: readonly unknown[], { maps = [] }: { maps?: readonly string[] } = {}): JsonShape {
  const found = new Map<string, Set<string>>();
  const visit = (value: unknown, path: string) => {
    const kinds = found.get(path) ?? new Set();
    found.set(path, kinds.add(kindOf(value)));
    if (Array.isArray(value)) for (const each of value) visit(each, `${path}[]`);
    else if (typeof value === "object" && value !== null)
      for (const [key, member] of Object.entries(value))
        visit(member, `${path}${path === "" ? "" : "."}${maps.includes(path) ? "*" : key}`);
  };
  for (const document of documents) visit(document, "");
  found.delete("");
  return Object.fromEntries(
    [...found]
      .map(([path, kinds]) => [path, [...kinds].toSorted().join(" or ")] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "list";
  if (value === null) return "null";
  if (typeof value !== "string") return typeof value;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) ? "instant" : "text";
}
