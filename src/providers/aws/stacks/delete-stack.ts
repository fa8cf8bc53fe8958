import {
  type CloudFormationClient,
  DeleteStackCommand,
  type Stack,
  type StackEvent as RawEvent,
} from "@aws-sdk/client-cloudformation";
import type { StackEvent, StackToDelete } from "../../account/stacks.ts";
import type { AwsSession } from "../session.ts";
import { readStack, toDescription } from "./describe-stack.ts";
import type { Operation } from "./event-reader.ts";
import { followStack, isOfItself } from "./follow-stack.ts";
import { withNewRole } from "./new-role.ts";
import { cloudFormationAt } from "./place.ts";
import { deletionRefused, stackBusy, stackNotDeleted } from "./stack-errors.ts";
import { isBusy } from "./stack-status.ts";
import type { StackTools } from "./tools.ts";

/** Deletes a stack and follows that; a deletion that somebody else has begun is followed as well. */
export async function* deleteStack(
  session: AwsSession,
  stack: StackToDelete,
  tools: StackTools,
  signal: AbortSignal,
): AsyncGenerator<StackEvent, void, void> {
  const aws = cloudFormationAt(session, stack.where);
  const before = await readStack(aws, stack.name);
  const { StackId, StackStatus = "" } = before ?? {};
  if (before === undefined || StackId === undefined || StackStatus === "DELETE_COMPLETE" || signal.aborted) return;
  const goesOn = StackStatus === "DELETE_IN_PROGRESS";
  if (isBusy(StackStatus) && !goesOn)
    throw stackBusy(
      toDescription(before),
      (before.LastUpdatedTime ?? before.CreationTime ?? new Date(0)).toISOString(),
    );
  const token = tools.uuid();
  if (!goesOn) await begin(aws, { stack, id: StackId, token }, tools, signal);
  yield { type: "stack-started", stack: stack.name, action: "delete", at: new Date(tools.now()).toISOString() };
  const { status, failures } = yield* followStack(aws, deletion(before, goesOn ? undefined : token), tools, signal);
  if (status === undefined || status === "DELETE_COMPLETE") return;
  const after = await readStack(aws, StackId);
  throw stackNotDeleted(toDescription(after ?? before), failures);
}

async function begin(
  aws: CloudFormationClient,
  { stack, id, token }: { stack: StackToDelete; id: string; token: string },
  tools: StackTools,
  signal: AbortSignal,
): Promise<void> {
  const { name, executionRoleArn, retain = [] } = stack;
  const command = new DeleteStackCommand({
    StackName: id,
    ClientRequestToken: token,
    ...(executionRoleArn !== undefined && { RoleARN: executionRoleArn }),
    ...(retain.length > 0 && { RetainResources: [...retain] }),
  });
  try {
    await withNewRole(() => aws.send(command), tools, signal);
  } catch (error) {
    throw deletionRefused({ name, id }, error);
  }
}

/** @param token of our request; nothing: somebody else's deletion, the newest one */
function deletion(before: Stack, token: string | undefined): Operation {
  const { StackId: stackId = "", CreationTime, LastUpdatedTime, DeletionTime } = before;
  const last = token === undefined ? undefined : DeletionTime?.getTime();
  const begins = (event: RawEvent) => {
    const { ResourceStatus, ClientRequestToken, Timestamp } = event;
    if (!isOfItself(event) || ResourceStatus !== "DELETE_IN_PROGRESS") return false;
    if (token === undefined || ClientRequestToken === token) return true;
    return ClientRequestToken === undefined && (last === undefined || (Timestamp?.getTime() ?? 0) > last);
  };
  return { stackId, since: LastUpdatedTime ?? CreationTime ?? new Date(0), begins };
}
