import type { Later } from "../plan/later.ts";
import type { StackFacts } from "./facts.ts";
import { ref } from "./intrinsics.ts";
import type { MissingValue } from "./environment/missing-values.ts";
import type { Parameter, Value } from "./template.ts";

/** Subnets that a manifest names by their tags. Only AWS knows which have them, so their ids are a parameter. */

type Subnets = readonly (string | Later)[] | undefined;

/** The ids, with commas. */
const name = "PlacementSubnetIDs";

export function subnetParameters(subnets: Subnets): Record<string, Parameter> {
  return tagsOf(subnets)
    ? { [name]: { Type: "String", Description: "IDs of the subnets with the manifest's tags." } }
    : {};
}

export function subnetsByTags(): Value {
  return ref(name);
}

/** The ids, as they are known or as the stack holds them. */
export function subnetValues(
  subnets: Subnets,
  { placementSubnets, workloadParameters }: StackFacts,
): Record<string, string> {
  const ids = placementSubnets === undefined ? workloadParameters?.[name] : placementSubnets.join(",");
  return tagsOf(subnets) && ids ? { [name]: ids } : {};
}

export function missingSubnets(subnets: Subnets, facts: StackFacts): MissingValue[] {
  const tags = tagsOf(subnets);
  if (!tags || Object.keys(subnetValues(subnets, facts)).length > 0) return [];
  return [
    {
      path: ["network", "vpc", "placement", "subnets", "from_tags"],
      message:
        facts.placementSubnets === undefined
          ? `which subnets have the tags ${tags.join(", ")} is not known`
          : `no subnet of the environment has the tags ${tags.join(", ")}`,
      hint: 'name them by their ids, here or in the facts: "placementSubnets": ["subnet-…"]',
    },
  ];
}

function tagsOf(subnets: Subnets = []): string[] | undefined {
  const [first] = subnets;
  return typeof first === "object" && "subnetsWithTags" in first ? Object.keys(first.subnetsWithTags) : undefined;
}
