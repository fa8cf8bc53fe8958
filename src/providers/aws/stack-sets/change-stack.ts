import type { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import type { StackOfSet, StackSetEvent, StackSetPlace } from "../../account/stack-sets.ts";
import type { StackTools } from "../stacks/tools.ts";
import { readStacksOfSet } from "./describe-stack-set.ts";
import { begin, finished, started, succeeded, waitForOthers } from "./operations.ts";

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

/** Does it and follows it to its end; what others do to the set is waited for, and what is to be done then looked at anew. */
export async function* changeStack(
  aws: CloudFormationClient,
  { name, account, region }: StackSetPlace,
  { action, next }: StackChange,
  tools: StackTools,
  signal: AbortSignal,
): AsyncGenerator<StackSetEvent, void, void> {
  const began = tools.now();
  while (!signal.aborted) {
    const send = next(await readStacksOfSet(aws, name));
    if (send === undefined) return;
    const operation = { StackSetName: name, OperationId: tools.uuid(), Accounts: [account], Regions: [region] };
    const id = await begin(operation.OperationId, () => send(operation), tools, signal);
    if (id === undefined) {
      yield* waitForOthers(aws, { name, began }, tools, signal);
      continue;
    }
    yield started(name, action, tools, [region]);
    if (await succeeded(aws, { name, id }, tools, signal)) yield finished(name, action, tools);
    return;
  }
}
