import {
  type CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
  GetTemplateCommand,
  type Stack,
} from "@aws-sdk/client-cloudformation";
import { UserError } from "../../../errors.ts";
import type { StackDescription } from "../../account/stacks.ts";

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
function isNoStack(error: unknown): boolean {
  return (
    error instanceof CloudFormationServiceException &&
    error.name === "ValidationError" &&
    /does not exist/.test(error.message)
  );
}

/** What is asked of a stack that has to be there. @throws UserError stack/not-found */
export async function known<T>(name: string, ask: () => Promise<T>): Promise<T> {
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
