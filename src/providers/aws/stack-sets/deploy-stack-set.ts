import { isDeepStrictEqual } from "node:util";
import {
  type CloudFormationClient,
  CreateStackSetCommand,
  NameAlreadyExistsException,
  OperationIdAlreadyExistsException,
  UpdateStackSetCommand,
} from "@aws-sdk/client-cloudformation";
import { UserError } from "../../../errors.ts";
import type { StackSetDescription, StackSetEvent, StackSetToDeploy } from "../../account/stack-sets.ts";
import type { AwsSession } from "../session.ts";
import { withNewRole } from "../stacks/new-role.ts";
import { stackRefused } from "../stacks/stack-errors.ts";
import { templateSource } from "../stacks/template-source.ts";
import type { StackTools } from "../stacks/tools.ts";
import { describeStackSet } from "./describe-stack-set.ts";
import {
  finished,
  isFailed,
  isInTheWay,
  isRunning,
  lastOperation,
  started,
  succeeded,
  waitForOthers,
} from "./operations.ts";

export type StackSetOutcome = "created" | "updated" | "unchanged" | "interrupted";

/** Creates or updates a stack set. The operation's id is the lock: whoever chooses one that was there hears that the set has
 *  changed. A set that is as wanted is only updated when its last operation has failed. */
export async function* deployStackSet(
  session: AwsSession,
  aws: CloudFormationClient,
  set: StackSetToDeploy,
  tools: StackTools,
  signal: AbortSignal,
): AsyncGenerator<StackSetEvent, StackSetOutcome, void> {
  const { name } = set;
  const began = tools.now();
  let operationId = set.operationId;
  while (!signal.aborted) {
    const current = await describeStackSet(aws, name);
    if (current === undefined) {
      yield started(name, "create", tools);
      await create(session, aws, set, tools, signal);
      yield finished(name, "create", tools);
      return "created";
    }
    if (isAsWanted(current, set)) {
      const last = await lastOperation(aws, name);
      if (last !== undefined && isRunning(last)) {
        yield* waitForOthers(aws, { name, began }, tools, signal);
        continue;
      }
      if (last === undefined || !isFailed(last)) return "unchanged";
      operationId = tools.uuid();
    }
    yield started(name, "update", tools);
    const attempt = { ...set, operationId };
    const id = await update(session, aws, attempt, current);
    if (id === "busy") {
      yield* waitForOthers(aws, { name, began }, tools, signal);
      continue;
    }
    if (id === "id-taken") {
      operationId = await whenTaken(aws, attempt, current, tools);
      if (operationId !== attempt.operationId) continue;
    }
    const operation = { name, id: id === "id-taken" ? operationId : id };
    if (!(await succeeded(aws, operation, tools, signal))) return "interrupted";
    yield finished(name, "update", tools);
    return "updated";
  }
  return "interrupted";
}

async function create(
  session: AwsSession,
  aws: CloudFormationClient,
  set: StackSetToDeploy,
  tools: StackTools,
  signal: AbortSignal,
): Promise<void> {
  try {
    const wanted = { ...(await request(session, set)), ClientRequestToken: tools.uuid() };
    await withNewRole(() => aws.send(new CreateStackSetCommand(wanted)), tools, signal);
  } catch (error) {
    if (!(error instanceof NameAlreadyExistsException)) throw stackRefused(set, error);
    const there = await describeStackSet(aws, set.name);
    if (there === undefined || !isAsWanted(there, set)) throw changed(set.name);
  }
}

/** @returns the operation's id */
async function update(
  session: AwsSession,
  aws: CloudFormationClient,
  set: StackSetToDeploy,
  current: StackSetDescription,
): Promise<string | "busy" | "id-taken"> {
  const kept = Object.keys(current.parameters).filter((key) => !Object.hasOwn(set.parameters, key));
  const wanted = await request(session, set);
  try {
    const { OperationId = set.operationId } = await aws.send(
      new UpdateStackSetCommand({
        ...wanted,
        Parameters: [...wanted.Parameters, ...kept.map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true }))],
        OperationId: set.operationId,
        OperationPreferences: { RegionConcurrencyType: "PARALLEL" },
      }),
    );
    return OperationId;
  } catch (error) {
    if (error instanceof OperationIdAlreadyExistsException) return "id-taken";
    if (isInTheWay(error)) return "busy";
    throw stackRefused(set, error);
  }
}

/** The id that has been used: by our own request, whose answer was lost; by somebody who has changed the set; or for
 *  something that left the set as it was, and then another one serves as well. @throws UserError stack-set/changed */
async function whenTaken(
  aws: CloudFormationClient,
  set: StackSetToDeploy,
  before: StackSetDescription,
  tools: StackTools,
): Promise<string> {
  const now = await describeStackSet(aws, set.name);
  if (now !== undefined && now.text === set.text) return set.operationId;
  if (now?.text === before.text) return `${set.operationId}-${tools.uuid()}`;
  throw changed(set.name);
}

function changed(name: string): UserError {
  return new UserError("stack-set/changed", `somebody else has changed the stack set ${name} at the same time`, {
    hint: `aws cloudformation list-stack-set-operations --stack-set-name ${name}`,
  });
}

async function request(session: AwsSession, set: StackSetToDeploy) {
  const { name, text, parameters, tags, administrationRoleArn, executionRoleName } = set;
  const bucket = set.bucket && { bucket: set.bucket.name };
  const where = set.bucket === undefined ? {} : { region: set.bucket.region };
  return {
    StackSetName: name,
    ...(await templateSource(session, { name, text, ...bucket, where })),
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    Capabilities: ["CAPABILITY_IAM" as const, "CAPABILITY_NAMED_IAM" as const],
    AdministrationRoleARN: administrationRoleArn,
    ExecutionRoleName: executionRoleName,
  };
}

function isAsWanted(current: StackSetDescription, set: StackSetToDeploy): boolean {
  const { administrationRoleArn, executionRoleName } = set;
  const parameters = { ...current.parameters, ...set.parameters };
  return (
    current.text === set.text &&
    isDeepStrictEqual(current.parameters, parameters) &&
    isDeepStrictEqual(current.tags, { ...set.tags }) &&
    current.administrationRoleArn === administrationRoleArn &&
    current.executionRoleName === executionRoleName
  );
}
