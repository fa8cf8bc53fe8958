import type { Value } from "../template.ts";

/** One change of a template, as JSON Patch (RFC 6902) words it. `path` is a JSON pointer (RFC 6901). */
export type Patch = { op: "add" | "replace"; path: string; value: Value } | { op: "remove"; path: string };

export const operations = ["add", "remove", "replace"] as const;

/** Whether what a patch changes plays no part where no stack is made: neither tasks nor the service nor its way to them. */
export function isLeftToAws({ path }: Pick<Patch, "path">): boolean {
  const [first, id = ""] = path.split("/").slice(1);
  if (first === undefined || (first === "Resources" && id === "")) return false;
  return (
    first !== "Resources" || !/^(TaskDefinition|Service|TargetGroup|HTTPS?Listener|NLBListener|NLBTargetGroup)/.test(id)
  );
}
