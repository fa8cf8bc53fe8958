import { type CloudFormationClient, paginateDescribeStackEvents } from "@aws-sdk/client-cloudformation";
import type { StackDescription } from "../../account/stacks.ts";
import { type Failure, isOfItself } from "./follow-stack.ts";
import type { StackRights } from "./place.ts";
import { resourcesOf } from "./stack-resources.ts";
import { isDone } from "./stack-status.ts";

/** The resources that a stack holds in a state of failure, with the reasons. */
export async function stuckResources(
  rights: StackRights,
  { id, name }: StackDescription,
  status: "UPDATE_FAILED" | "DELETE_FAILED",
): Promise<Failure[]> {
  return (await resourcesOf(rights, id))
    .filter(({ ResourceStatus }) => ResourceStatus === status)
    .map((resource) => ({
      stack: name,
      at: resource.Timestamp?.toISOString() ?? "",
      logicalId: resource.LogicalResourceId ?? "",
      ...(resource.PhysicalResourceId !== undefined && { physicalId: resource.PhysicalResourceId }),
      resourceType: resource.ResourceType ?? "",
      status,
      ...(resource.ResourceStatusReason !== undefined && { reason: resource.ResourceStatusReason }),
      inRollback: status === "UPDATE_FAILED",
    }));
}

/** Whether a stack was ever complete, so that what is left of it may be wanted. */
export async function hasLived(aws: CloudFormationClient, { id }: StackDescription): Promise<boolean> {
  for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client: aws }, { StackName: id }))
    if (StackEvents.some((event) => isOfItself(event) && isDone(event.ResourceStatus ?? ""))) return true;
  return false;
}
