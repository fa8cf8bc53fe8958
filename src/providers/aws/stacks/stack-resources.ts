import {
  type CloudFormationClient,
  DescribeStackResourcesCommand,
  paginateListStackResources,
  type StackResource,
} from "@aws-sdk/client-cloudformation";
import type { StackResourceDescription } from "../../account/stacks.ts";
import { known } from "./describe-stack.ts";
import { orWithOwnRights, type StackRights } from "./place.ts";

/** What CloudFormation describes of a stack at most. Source: CloudFormation API reference, DescribeStackResources. */
const mostDescribed = 100;

/** What a stack has, by logical ID. @param name the name, or an id @throws UserError stack/not-found */
export async function readResources(
  rights: StackRights,
  name: string,
): Promise<Record<string, StackResourceDescription>> {
  const found: Record<string, StackResourceDescription> = {};
  for (const { LogicalResourceId, PhysicalResourceId, ResourceType, ResourceStatus } of await resourcesOf(rights, name))
    if (LogicalResourceId !== undefined && ResourceStatus !== "DELETE_COMPLETE")
      found[LogicalResourceId] = {
        physicalId: PhysicalResourceId ?? "",
        type: ResourceType ?? "",
        status: ResourceStatus ?? "",
      };
  return found;
}

/** The resources of a stack. They are described, since the manager role of an environment may not list them; a stack that has
 *  more is listed all the same. @throws UserError stack/not-found */
export function resourcesOf(rights: StackRights, name: string): Promise<Partial<StackResource>[]> {
  return known(name, async () => {
    const { StackResources = [] } = await rights.aws.send(new DescribeStackResourcesCommand({ StackName: name }));
    return StackResources.length < mostDescribed ? StackResources : orWithOwnRights(rights, (aws) => listed(aws, name));
  });
}

async function listed(client: CloudFormationClient, name: string): Promise<Partial<StackResource>[]> {
  const found: Partial<StackResource>[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName: name }))
    for (const { LastUpdatedTimestamp: Timestamp, DriftInformation: _, ...rest } of StackResourceSummaries)
      found.push({ ...rest, Timestamp });
  return found;
}
