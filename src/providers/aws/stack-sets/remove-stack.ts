import { type CloudFormationClient, DeleteStackInstancesCommand } from "@aws-sdk/client-cloudformation";
import type { StackSetEvent, StackSetPlace } from "../../account/stack-sets.ts";
import type { StackTools } from "../stacks/tools.ts";
import { readStacksOfSet } from "./describe-stack-set.ts";
import { begin, finished, started, succeeded, waitForOthers } from "./operations.ts";

/** Deletes the stack that a set has in a region. */
export async function* removeStack(
  aws: CloudFormationClient,
  { name, account, region }: StackSetPlace,
  tools: StackTools,
  signal: AbortSignal,
): AsyncGenerator<StackSetEvent, void, void> {
  const began = tools.now();
  while (!signal.aborted) {
    const stacks = await readStacksOfSet(aws, name);
    const isThere = stacks?.some((stack) => stack.account === account && stack.region === region) === true;
    if (!isThere) return;
    const operation = {
      StackSetName: name,
      OperationId: tools.uuid(),
      Accounts: [account],
      Regions: [region],
      RetainStacks: false,
    };
    const send = () => aws.send(new DeleteStackInstancesCommand(operation));
    const id = await begin(operation.OperationId, send, tools, signal);
    if (id === undefined) {
      yield* waitForOthers(aws, { name, began }, tools, signal);
      continue;
    }
    yield started(name, "remove", tools, [region]);
    if (await succeeded(aws, { name, id }, tools, signal)) yield finished(name, "remove", tools);
    return;
  }
}
