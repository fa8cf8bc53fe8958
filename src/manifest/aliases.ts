import type { HttpRule } from "./targets.ts";

/** The names under which a rule is reached. */
export function aliasesOf({ alias }: Pick<HttpRule, "alias">): string[] {
  if (alias === undefined) return [];
  if (typeof alias === "string") return [alias];
  return alias.flatMap((each) => (typeof each === "string" ? [each] : each?.name === undefined ? [] : [each.name]));
}

/** The aliases of a rule for which a hosted zone is named, on their own or for all of them. */
export function hostedZonesOf({
  alias,
  hosted_zone: common,
}: Pick<HttpRule, "alias" | "hosted_zone">): { name: string; zone: string }[] {
  const all = alias === undefined ? [] : typeof alias === "string" ? [alias] : alias;
  return all.flatMap((each) => {
    const [name, zone] = typeof each === "string" ? [each, common] : [each?.name, each?.hosted_zone ?? common];
    return name === undefined || zone === undefined ? [] : [{ name, zone }];
  });
}
