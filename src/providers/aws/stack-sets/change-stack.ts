import type { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import type { StackOfSet, StackSetEvent, StackSetPlace } from "../../account/stack-sets.ts";
import type { StackTools } from "../stacks/tools.ts";
import { readStacksOfSet } from "./describe-stack-set.ts";
import { begin, finished, isOfNewRole, started, succeeded, waitForOthers } from "./operations.ts";

/** An operation on the stack that a set has, or lacks, in one region. */
export interface StackChange {
  action: "add" | "remove";
  /** Sends what begins it; undefined when there is nothing to do.
   *  @param stacks of the set; undefined when there is no set */
  next(
    stacks: readonly StackOfSet[] | undefined,
  ): ((operation: StackOperation) => Promise<{ OperationId?: string }>) | undefined;
}

export interface StackOperation {
  StackSetName: string;
  OperationId: string;
  Accounts: string[];
  Regions: string[];
}

/** Does it and follows it to its end; what others do to the set is waited for, and what is to be done then looked at anew. An
 *  operation that CloudFormation has taken still fails when a role that was just made is not known everywhere: it is begun again. */
export async function* changeStack(
  aws: CloudFormationClient,
  { name, account, region }: StackSetPlace,
  { action, next }: StackChange,
  tools: StackTools,
  signal: AbortSignal,
): AsyncGenerator<StackSetEvent, void, void> {
  const began = tools.now();
  let told = false;
  while (!signal.aborted) {
    const send = next(await readStacksOfSet(aws, name));
    if (send === undefined) return;
    const operation = { StackSetName: name, OperationId: tools.uuid(), Accounts: [account], Regions: [region] };
    const id = await begin(operation.OperationId, () => send(operation), tools, signal);
    if (id === undefined) {
      yield* waitForOthers(aws, { name, began }, tools, signal);
      continue;
    }
    if (!told) yield started(name, action, tools, [region]);
    told = true;
    try {
      if (await succeeded(aws, { name, id }, tools, signal)) yield finished(name, action, tools);
      return;
    } catch (error) {
      if (!isOfNewRole(error) || signal.aborted || tools.now() - began > longestForRole) throw error;
    }
    await tools.pause(betweenAttempts, signal);
  }
}

/** How long IAM may take until a role that was just made is known to all, and how long an operation waits between attempts. */
const longestForRole = 60_000;
const betweenAttempts = 5000;
