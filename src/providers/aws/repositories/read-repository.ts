import type { Repository as Described } from "@aws-sdk/client-ecr";
import type { Repository } from "../../account/repositories.ts";

/** A repository as ECR describes it. */
export function readRepository(described: Described, region: string): Repository {
  const {
    repositoryName: name = "",
    repositoryUri: uri = "",
    repositoryArn: arn = "",
    registryId = "",
    imageTagMutability = "MUTABLE",
    imageTagMutabilityExclusionFilters = [],
  } = described;
  const excluded = imageTagMutabilityExclusionFilters.map(({ filter = "" }) => wildcard(filter));
  const inGeneral = imageTagMutability.startsWith("MUTABLE");
  return {
    name,
    uri,
    arn,
    region,
    registryId,
    canMove: (tag) => (excluded.some((filter) => filter.test(tag)) ? !inGeneral : inGeneral),
  };
}

/** `*` stands for any number of characters. Source: ECR API reference, ImageTagMutabilityExclusionFilter. */
function wildcard(filter: string): RegExp {
  const parts = filter.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`);
}
