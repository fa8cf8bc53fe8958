import { ContinueUpdateRollbackCommand, type StackEvent as RawEvent } from "@aws-sdk/client-cloudformation";
import { UserError } from "../../../errors.ts";
import type { StackDescription, StackEvent, StackToRollBack } from "../../account/stacks.ts";
import type { AwsSession } from "../session.ts";
import { describeStack } from "./describe-stack.ts";
import { followStack, isOfItself } from "./follow-stack.ts";
import { cloudFormationAt, orWithOwnRights, rightsAt } from "./place.ts";
import { stackRefused, stackStuck } from "./stack-errors.ts";
import type { StackTools } from "./tools.ts";

/** Goes on with a rollback that CloudFormation has given up. */
export async function* continueRollback(
  session: AwsSession,
  { name, where, executionRoleArn, skip = [] }: StackToRollBack,
  tools: StackTools,
  signal: AbortSignal,
): AsyncGenerator<StackEvent, { outcome: "rolled-back" | "interrupted"; stack?: StackDescription }, void> {
  const aws = cloudFormationAt(session, where);
  const before = await describeStack(aws, name);
  if (before === undefined) throw new UserError("stack/not-found", `there is no stack ${name}`);
  if (before.status !== "UPDATE_ROLLBACK_FAILED")
    throw new UserError("stack/refused", `the stack ${name} is ${before.status}: there is no rollback to go on with`);
  const token = tools.uuid();
  try {
    const goOn = new ContinueUpdateRollbackCommand({
      StackName: before.id,
      ClientRequestToken: token,
      ...(executionRoleArn !== undefined && { RoleARN: executionRoleArn }),
      ...(skip.length > 0 && { ResourcesToSkip: [...skip] }),
    });
    await orWithOwnRights(rightsAt(session, where), (client) => client.send(goOn));
  } catch (error) {
    throw stackRefused({ name }, error);
  }
  yield { type: "stack-started", stack: name, action: "update", at: new Date(tools.now()).toISOString() };
  const begins = (event: RawEvent) =>
    isOfItself(event) && event.ResourceStatus === "UPDATE_ROLLBACK_IN_PROGRESS" && event.ClientRequestToken === token;
  const operation = { stackId: before.id, since: new Date(before.updatedAt ?? before.createdAt), begins };
  const { status, failures } = yield* followStack(aws, operation, tools, signal);
  if (status === undefined) return { outcome: "interrupted" };
  const after = (await describeStack(aws, before.id)) ?? { ...before, status };
  if (status === "UPDATE_ROLLBACK_COMPLETE") return { outcome: "rolled-back", stack: after };
  throw stackStuck(after, failures);
}
