import type { StackDescription, StackEvent, StackOutcome, StackToDeploy } from "../../account/stacks.ts";
import type { AwsSession } from "../session.ts";
import { type ChangeSet, createChangeSet, discard, execute } from "./change-set.ts";
import { deleteStack } from "./delete-stack.ts";
import { describeStack } from "./describe-stack.ts";
import { followStack } from "./follow-stack.ts";
import { cloudFormationAt } from "./place.ts";
import { stackBusy, stackFailed } from "./stack-errors.ts";
import { isBusy, isDone, isLeftover } from "./stack-status.ts";
import { templateSource } from "./template-source.ts";
import { delays, type StackTools } from "./tools.ts";

/** Creates or updates a stack through a change set, and follows it. */
export async function* deployStack(
  session: AwsSession,
  stack: StackToDeploy,
  tools: StackTools,
  signal: AbortSignal,
): AsyncGenerator<StackEvent, StackOutcome, void> {
  const aws = cloudFormationAt(session, stack.where);
  const before = yield* readyStack(session, stack, tools, signal);
  if (signal.aborted) return { outcome: "interrupted" };
  const source = await templateSource(session, stack);
  const changeSet = await createChangeSet(aws, { stack, source, before }, tools, signal);
  if (changeSet === "interrupted") return { outcome: "interrupted" };
  if (changeSet === "unchanged") return { outcome: "unchanged", ...(before !== undefined && { stack: before }) };
  const action = changeSet.creates ? "create" : "update";
  let executed = false;
  try {
    yield { type: "stack-started", stack: stack.name, action, at: new Date(tools.now()).toISOString() };
    if (signal.aborted) return { outcome: "interrupted" };
    await execute(aws, changeSet, { token: tools.uuid(), noRollback: stack.noRollback ?? false });
    executed = true;
  } finally {
    if (!executed) await discard(aws, changeSet);
  }
  if (stack.detach === true) return { outcome: "detached" };
  return yield* end(session, { stack, changeSet }, tools, signal);
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
  const after = await describeStack(aws, changeSet.stackId);
  const action = changeSet.creates ? "created" : "updated";
  if (after !== undefined && isDone(status)) return { outcome: action, stack: after };
  throw stackFailed(after ?? gone(changeSet, status), { action, failures });
}

/** The stack as it is before the deployment, once it can be deployed. */
async function* readyStack(
  session: AwsSession,
  { name, where, whenBusy, executionRoleArn }: StackToDeploy,
  tools: StackTools,
  signal: AbortSignal,
): AsyncGenerator<StackEvent, StackDescription | undefined, void> {
  const aws = cloudFormationAt(session, where);
  let told = false;
  for (const delay of delays()) {
    const before = await describeStack(aws, name);
    if (before === undefined || signal.aborted) return undefined;
    if (isBusy(before.status)) {
      const since = before.updatedAt ?? before.createdAt;
      if (whenBusy !== "wait") throw stackBusy(before, since);
      if (!told) yield { type: "stack-busy", stack: name, status: before.status, since };
      told = true;
      await tools.pause(delay, signal);
      continue;
    }
    if (!isLeftover(before.status)) return before;
    yield* deleteStack(
      session,
      { name, where, ...(executionRoleArn !== undefined && { executionRoleArn }) },
      tools,
      signal,
    );
    return undefined;
  }
  return undefined;
}

function gone({ stack: name, stackId: id, createdAt }: ChangeSet, status: string): StackDescription {
  return { name, id, status, parameters: {}, outputs: {}, tags: {}, createdAt: createdAt.toISOString() };
}
