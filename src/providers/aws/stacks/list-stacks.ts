import { paginateDescribeStacks } from "@aws-sdk/client-cloudformation";
import type { StackDescription, StackPlace } from "../../account/stacks.ts";
import type { AwsSession } from "../session.ts";
import { readStack, toDescription } from "./describe-stack.ts";
import { cloudFormationAt, isDenied, sessionAt } from "./place.ts";

/** The stacks with all of these tags; nested and deleted ones are left out. Who may not describe all stacks at once, which takes
 *  the right to list them too, asks for those with the tags. Source: CloudFormation API reference, DescribeStacks. */
export async function listStacksByTags(
  session: AwsSession,
  tags: Readonly<Record<string, string>>,
  where: StackPlace,
): Promise<StackDescription[]> {
  try {
    return await among(session, tags, where);
  } catch (error) {
    if (!isDenied(error)) throw error;
    return await byResourceTags(session, tags, where);
  }
}

async function among(
  session: AwsSession,
  tags: Readonly<Record<string, string>>,
  where: StackPlace,
): Promise<StackDescription[]> {
  const found: StackDescription[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client: cloudFormationAt(session, where) }, {}))
    for (const stack of Stacks) {
      if (stack.ParentId !== undefined || stack.StackStatus === "DELETE_COMPLETE") continue;
      const description = toDescription(stack);
      if (Object.entries(tags).every(([key, value]) => description.tags[key] === value)) found.push(description);
    }
  return found;
}

/** So many stacks are described side by side. */
const atOnce = 6;

async function byResourceTags(
  session: AwsSession,
  tags: Readonly<Record<string, string>>,
  where: StackPlace,
): Promise<StackDescription[]> {
  const { paginateGetResources, ResourceGroupsTaggingAPIClient } =
    await import("@aws-sdk/client-resource-groups-tagging-api");
  const client = sessionAt(session, where).client(ResourceGroupsTaggingAPIClient);
  const TagFilters = Object.entries(tags).map(([Key, value]) => ({ Key, Values: [value] }));
  const ids: string[] = [];
  for await (const { ResourceTagMappingList = [] } of paginateGetResources(
    { client },
    { ResourceTypeFilters: ["cloudformation:stack"], TagFilters },
  ))
    ids.push(...ResourceTagMappingList.flatMap(({ ResourceARN }) => ResourceARN ?? []));
  const aws = cloudFormationAt(session, where);
  const found: StackDescription[] = [];
  while (ids.length > 0)
    for (const stack of await Promise.all(ids.splice(0, atOnce).map((id) => readStack(aws, id))))
      if (stack !== undefined && stack.ParentId === undefined && stack.StackStatus !== "DELETE_COMPLETE")
        found.push(toDescription(stack));
  return found;
}
