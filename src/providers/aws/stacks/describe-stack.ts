import {
  type CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateDescribeStacks,
  paginateListStackResources,
  type Stack,
} from "@aws-sdk/client-cloudformation";
import { UserError } from "../../../errors.ts";
import type { StackDescription, StackResourceDescription } from "../../account/stacks.ts";

/** @param name the name, of a stack that is not deleted; or an id, of any */
export async function readStack(aws: CloudFormationClient, name: string): Promise<Stack | undefined> {
  try {
    const { Stacks: [stack] = [] } = await aws.send(new DescribeStacksCommand({ StackName: name }));
    return stack;
  } catch (error) {
    if (isNoStack(error)) return undefined;
    throw error;
  }
}

export async function describeStack(aws: CloudFormationClient, name: string): Promise<StackDescription | undefined> {
  const stack = await readStack(aws, name);
  return stack === undefined || stack.StackStatus === "DELETE_COMPLETE" ? undefined : toDescription(stack);
}

export async function readTemplate(aws: CloudFormationClient, name: string): Promise<string> {
  const { TemplateBody = "" } = await known(name, () =>
    aws.send(new GetTemplateCommand({ StackName: name, TemplateStage: "Original" })),
  );
  return TemplateBody;
}

export async function readResources(
  aws: CloudFormationClient,
  name: string,
): Promise<Record<string, StackResourceDescription>> {
  return known(name, async () => {
    const found: Record<string, StackResourceDescription> = {};
    for await (const { StackResourceSummaries = [] } of paginateListStackResources(
      { client: aws },
      { StackName: name },
    ))
      for (const { LogicalResourceId, PhysicalResourceId, ResourceType, ResourceStatus } of StackResourceSummaries)
        if (LogicalResourceId !== undefined && ResourceStatus !== "DELETE_COMPLETE")
          found[LogicalResourceId] = {
            physicalId: PhysicalResourceId ?? "",
            type: ResourceType ?? "",
            status: ResourceStatus ?? "",
          };
    return found;
  });
}

export async function listStacksByTags(
  aws: CloudFormationClient,
  tags: Readonly<Record<string, string>>,
): Promise<StackDescription[]> {
  const found: StackDescription[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client: aws }, {}))
    for (const stack of Stacks) {
      if (stack.ParentId !== undefined || stack.StackStatus === "DELETE_COMPLETE") continue;
      const description = toDescription(stack);
      if (Object.entries(tags).every(([key, value]) => description.tags[key] === value)) found.push(description);
    }
  return found;
}

export function toDescription(stack: Stack): StackDescription {
  const { StackName = "", StackId = "", StackStatus = "", StackStatusReason, RoleARN } = stack;
  return {
    name: StackName,
    id: StackId,
    status: StackStatus,
    ...(StackStatusReason !== undefined && { statusReason: StackStatusReason }),
    parameters: byName(stack.Parameters, ({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]),
    outputs: byName(stack.Outputs, ({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
    tags: byName(stack.Tags, ({ Key, Value }) => [Key, Value]),
    createdAt: (stack.CreationTime ?? new Date(0)).toISOString(),
    ...(stack.LastUpdatedTime !== undefined && { updatedAt: stack.LastUpdatedTime.toISOString() }),
    ...(RoleARN !== undefined && { roleArn: RoleARN }),
  };
}

/** CloudFormation has no code of its own for a stack that is not there. */
export function isNoStack(error: unknown): boolean {
  return (
    error instanceof CloudFormationServiceException &&
    error.name === "ValidationError" &&
    /does not exist/.test(error.message)
  );
}

async function known<T>(name: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!isNoStack(error)) throw error;
    throw new UserError("stack/not-found", `there is no stack ${name}`, { cause: error });
  }
}

function byName<T>(
  list: readonly T[] | undefined,
  entry: (one: T) => [string | undefined, string | undefined],
): Record<string, string> {
  return Object.fromEntries((list ?? []).map(entry).map(([name = "", value = ""]) => [name, value]));
}
