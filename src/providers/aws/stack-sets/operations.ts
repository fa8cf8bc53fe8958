import {
  type CloudFormationClient,
  DescribeStackSetOperationCommand,
  ListStackSetOperationsCommand,
  OperationIdAlreadyExistsException,
  OperationInProgressException,
  paginateListStackSetOperationResults,
  StackSetNotEmptyException,
  StaleRequestException,
} from "@aws-sdk/client-cloudformation";
import { UserError } from "../../../errors.ts";
import type { StackSetEvent } from "../../account/stack-sets.ts";
import { isNewRole, withNewRole } from "../stacks/new-role.ts";
import { patiently } from "../stacks/patiently.ts";
import { delays, type StackTools } from "../stacks/tools.ts";

export interface StackSetOperation {
  id: string;
  /** `RUNNING`, `QUEUED`, `STOPPING`, `STOPPED`, `SUCCEEDED`, `FAILED` */
  status: string;
}

/** Waits until an operation has ended. Undefined: the signal aborted. */
async function operationStatus(
  aws: CloudFormationClient,
  { name, id }: { name: string; id: string },
  tools: StackTools,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const delay of delays()) {
    await tools.pause(delay, signal);
    const ask = () =>
      aws.send(new DescribeStackSetOperationCommand({ StackSetName: name, OperationId: id }), { abortSignal: signal });
    const answer = await patiently(ask, tools, signal);
    if (answer === undefined) return undefined;
    const status = answer.StackSetOperation?.Status ?? "";
    if (!running.has(status)) return status;
  }
  return undefined;
}

const running = new Set(["RUNNING", "QUEUED", "STOPPING"]);

/** @returns true when it has succeeded, false when the signal aborted @throws UserError stack-set/failed */
export async function succeeded(
  aws: CloudFormationClient,
  operation: { name: string; id: string },
  tools: StackTools,
  signal: AbortSignal,
): Promise<boolean> {
  const { name, id } = operation;
  const status = await operationStatus(aws, operation, tools, signal);
  if (status === undefined || status === "SUCCEEDED") return status !== undefined;
  const reasons: string[] = [];
  const asked = { StackSetName: name, OperationId: id };
  for await (const { Summaries = [] } of paginateListStackSetOperationResults({ client: aws }, asked))
    for (const { Account, Region, Status, StatusReason } of Summaries)
      if (Status === "FAILED") reasons.push(`${Region} (account ${Account}): ${StatusReason ?? Status}`);
  const [first = status === "STOPPED" ? "somebody has stopped it" : status, ...others] = reasons;
  throw new UserError("stack-set/failed", `an operation on the stack set ${name} has failed: ${first}`, {
    details: others,
    hint: `aws cloudformation list-stack-set-operation-results --stack-set-name ${name} --operation-id ${id}`,
  });
}

/** Whether an operation has failed because CloudFormation could not take on a role, as it is with one that was just made. */
export function isOfNewRole(error: unknown): boolean {
  return error instanceof UserError && error.code === "stack-set/failed" && isNewRole(error);
}

/** The newest operation, or one that has not ended. Of those that never were, undefined. */
export async function lastOperation(aws: CloudFormationClient, name: string): Promise<StackSetOperation | undefined> {
  const { Summaries = [] } = await aws.send(new ListStackSetOperationsCommand({ StackSetName: name }));
  const began = ({ CreationTimestamp }: (typeof Summaries)[number]) => CreationTimestamp?.getTime() ?? 0;
  const newest = Summaries.toSorted((a, b) => began(b) - began(a));
  const found = newest.find(({ Status = "" }) => running.has(Status)) ?? newest[0];
  return found && { id: found.OperationId ?? "", status: found.Status ?? "" };
}

/** Begins an operation, once also when the answer to a first try was lost.
 *  @param id one that nobody else has @returns undefined: somebody else's operation is in the way */
export async function begin(
  id: string,
  send: () => Promise<{ OperationId?: string }>,
  tools: StackTools,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { OperationId = id } = await withNewRole(send, tools, signal);
    return OperationId;
  } catch (error) {
    if (error instanceof OperationIdAlreadyExistsException) return id;
    if (isInTheWay(error)) return undefined;
    throw error;
  }
}

/** Whether somebody else's operation has to end first. */
export function isInTheWay(error: unknown): boolean {
  return (
    error instanceof OperationInProgressException ||
    error instanceof StaleRequestException ||
    error instanceof StackSetNotEmptyException
  );
}

/** Lets the operation that is in the way come to its end. @param began milliseconds since the epoch, when waiting began
 *  @throws UserError stack-set/busy after ten minutes of finding one anew */
export async function* waitForOthers(
  aws: CloudFormationClient,
  { name, began }: { name: string; began: number },
  tools: StackTools,
  signal: AbortSignal,
): AsyncGenerator<StackSetEvent, void, void> {
  const last = await patiently(() => lastOperation(aws, name), tools, signal);
  if (tools.now() - began > longest)
    throw new UserError(
      "stack-set/busy",
      `the stack set ${name} is busy: operation ${last?.id ?? "unknown"} does not end`,
      {
        hint: `aws cloudformation list-stack-set-operations --stack-set-name ${name}`,
      },
    );
  if (last === undefined || !running.has(last.status)) return tools.pause(pauseForOthers, signal);
  yield { type: "stack-set-busy", stackSet: name, operationId: last.id };
  await operationStatus(aws, { name, id: last.id }, tools, signal);
}

const longest = 10 * 60_000;
const pauseForOthers = 5000;

export function isFailed({ status }: StackSetOperation): boolean {
  return status === "FAILED" || status === "STOPPED";
}

export function isRunning({ status }: StackSetOperation): boolean {
  return running.has(status);
}

type Action = Extract<StackSetEvent, { type: "stack-set-finished" }>["action"];

export function started(stackSet: string, action: Action, { now }: StackTools, regions: string[] = []): StackSetEvent {
  return { type: "stack-set-started", stackSet, action, regions, at: new Date(now()).toISOString() };
}

export function finished(stackSet: string, action: Action, { now }: StackTools): StackSetEvent {
  return { type: "stack-set-finished", stackSet, action, at: new Date(now()).toISOString() };
}
