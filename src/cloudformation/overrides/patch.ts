import type { Value } from "../template.ts";

/** One change of a template, as JSON Patch (RFC 6902) words it. `path` is a JSON pointer (RFC 6901). */
export type Patch = { op: "add" | "replace"; path: string; value: Value } | { op: "remove"; path: string };

export const operations = ["add", "remove", "replace"] as const;
