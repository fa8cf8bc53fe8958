import type { HttpRule } from "./targets.ts";

/** The names under which a rule is reached. */
export function aliasesOf({ alias }: Pick<HttpRule, "alias">): string[] {
  if (alias === undefined) return [];
  if (typeof alias === "string") return [alias];
  return alias.flatMap((each) => (typeof each === "string" ? [each] : each?.name === undefined ? [] : [each.name]));
}
