import type { ServiceManifest } from "../manifest/load.ts";
import type { Later } from "./later.ts";
import { sortedEntries } from "./names.ts";

type Placement = NonNullable<NonNullable<NonNullable<ServiceManifest["network"]>["vpc"]>["placement"]>;

/** Subnets that a manifest names by their ids or tags. */
export function subnetsOf(given: Exclude<Placement, string>["subnets"]): (string | Later)[] {
  if (Array.isArray(given)) return given;
  const tags = sortedEntries(given.from_tags);
  return [{ subnetsWithTags: Object.fromEntries(tags.map(([key, value]) => [key, [value].flat()])) }];
}
