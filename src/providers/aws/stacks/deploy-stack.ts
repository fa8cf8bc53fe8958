import type { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import type { StackDescription, StackEvent, StackOutcome, StackToDeploy } from "../../account/stacks.ts";
import { UserError } from "../../../errors.ts";
import type { AwsSession } from "../session.ts";
import { type ChangeSet, createChangeSet, discard, execute } from "./change-set.ts";
import { deleteStack } from "./delete-stack.ts";
import { describeStack } from "./describe-stack.ts";
import { followStack } from "./follow-stack.ts";
import { patiently } from "./patiently.ts";
import { cloudFormationAt, rightsAt } from "./place.ts";
import { stackBusy, stackFailed, stackNotDeleted, stackStuck } from "./stack-errors.ts";
import { hasLived, stuckResources } from "./stuck-stack.ts";
import { isBusy, isDone, isHalfDone, isLeftover } from "./stack-status.ts";
import { templateSource } from "./template-source.ts";
import { delays, type StackTools } from "./tools.ts";

/** Creates or updates a stack through a change set, and follows it. */
export async function* deployStack(
  session: AwsSession,
  stack: StackToDeploy,
  tools: StackTools,
  signal: AbortSignal,
): AsyncGenerator<StackEvent, StackOutcome, void> {
  const rights = rightsAt(session, stack.where);
  const { before, changeSet } = yield* prepare(session, stack, tools, signal);
  if (changeSet === "interrupted") return { outcome: "interrupted" };
  if (changeSet === "unchanged") return { outcome: "unchanged", ...(before !== undefined && { stack: before }) };
  const action = changeSet.creates ? "create" : "update";
  let executed = false;
  try {
    yield { type: "stack-started", stack: stack.name, action, at: new Date(tools.now()).toISOString() };
    if (signal.aborted) return { outcome: "interrupted" };
    // CloudFormation goes on from what failed and was left as it is, but not with the choice to go back.
    const noRollback = stack.noRollback === true || (before !== undefined && isHalfDone(before.status));
    await execute(rights.aws, changeSet, { token: tools.uuid(), noRollback });
    executed = true;
  } finally {
    if (!executed) await discard(rights, changeSet);
  }
  if (stack.detach === true) return { outcome: "detached" };
  return yield* end(session, { stack, changeSet }, tools, signal);
}

/** Waits until the stack can be changed, and has what is to change worked out. */
async function* prepare(
  session: AwsSession,
  { known, ...stack }: StackToDeploy,
  tools: StackTools,
  signal: AbortSignal,
): AsyncGenerator<StackEvent, Prepared, void> {
  const isKnown = known !== undefined && isDone(known.status);
  const before = isKnown ? known : yield* readyStack(session, stack, tools, signal);
  if (signal.aborted) return { before, changeSet: "interrupted" };
  const source = await templateSource(session, stack);
  try {
    return {
      before,
      changeSet: await createChangeSet(rightsAt(session, stack.where), { stack, source, before }, tools, signal),
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const isBusyNow = error.code === "stack/busy";
    const isOutdated = isKnown && (isBusyNow || error.message.includes("does not exist"));
    if (!isOutdated && !(isBusyNow && stack.whenBusy === "wait")) throw error;
  }
  await tools.pause(1000, signal);
  return yield* prepare(session, stack, tools, signal);
}

interface Prepared {
  before: StackDescription | undefined;
  changeSet: ChangeSet | "unchanged" | "interrupted";
}

async function* end(
  session: AwsSession,
  { stack, changeSet }: { stack: StackToDeploy; changeSet: ChangeSet },
  tools: StackTools,
  signal: AbortSignal,
): AsyncGenerator<StackEvent, StackOutcome, void> {
  const aws = cloudFormationAt(session, stack.where);
  const operation = { stackId: changeSet.stackId, since: changeSet.createdAt };
  const { status, failures } = yield* followStack(aws, operation, tools, signal);
  if (status === undefined) return { outcome: "interrupted", goesOn: true };
  const after = await settledStack(aws, changeSet.stackId, tools, signal);
  if (signal.aborted) return { outcome: "interrupted", goesOn: true };
  const action = changeSet.creates ? "created" : "updated";
  if (after !== undefined && isDone(status)) return { outcome: action, stack: after };
  throw stackFailed(after ?? gone(changeSet, status), { action, failures });
}

/** The stack as it is before the deployment, once it can be deployed. */
async function* readyStack(
  session: AwsSession,
  stack: StackToDeploy,
  tools: StackTools,
  signal: AbortSignal,
): AsyncGenerator<StackEvent, StackDescription | undefined, void> {
  const { name, where, executionRoleArn } = stack;
  const aws = cloudFormationAt(session, where);
  const before = yield* idle(aws, stack, tools, signal);
  if (before === undefined || signal.aborted) return undefined;
  if (before.status === "UPDATE_ROLLBACK_FAILED")
    throw stackStuck(before, await stuckResources(rightsAt(session, where), before, "UPDATE_FAILED"));
  const notDeleted = before.status === "DELETE_FAILED";
  if (notDeleted && (await hasLived(aws, before)))
    throw stackNotDeleted(before, await stuckResources(rightsAt(session, where), before, "DELETE_FAILED"));
  if (!notDeleted && !isLeftover(before.status)) return before;
  const leftover = { name, where, ...(executionRoleArn !== undefined && { executionRoleArn }) };
  yield* deleteStack(session, leftover, tools, signal);
  return undefined;
}

/** The stack once nobody works on it. */
async function* idle(
  aws: CloudFormationClient,
  { name, whenBusy }: StackToDeploy,
  tools: StackTools,
  signal: AbortSignal,
): AsyncGenerator<StackEvent, StackDescription | undefined, void> {
  let told = false;
  for (const delay of delays()) {
    const stack = told
      ? await patiently(() => describeStack(aws, name), tools, signal)
      : await describeStack(aws, name);
    if (stack === undefined || !isBusy(stack.status) || signal.aborted) return stack;
    const since = stack.updatedAt ?? stack.createdAt;
    if (whenBusy !== "wait") throw stackBusy(stack, since);
    if (!told) yield { type: "stack-busy", stack: name, status: stack.status, since };
    told = true;
    await tools.pause(delay, signal);
  }
  return undefined;
}

/** The stack after its last event, which it may follow a little later. */
async function settledStack(
  aws: CloudFormationClient,
  id: string,
  tools: StackTools,
  signal: AbortSignal,
): Promise<StackDescription | undefined> {
  for (const delay of delays()) {
    const stack = await patiently(() => describeStack(aws, id), tools, signal);
    if (stack === undefined || !isBusy(stack.status) || signal.aborted) return stack;
    await tools.pause(delay, signal);
  }
  return undefined;
}

function gone({ stack: name, stackId: id, createdAt }: ChangeSet, status: string): StackDescription {
  return { name, id, status, parameters: {}, outputs: {}, tags: {}, createdAt: createdAt.toISOString() };
}
