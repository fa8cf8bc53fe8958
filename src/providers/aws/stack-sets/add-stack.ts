import {
  type CloudFormationClient,
  CreateStackInstancesCommand,
  UpdateStackInstancesCommand,
} from "@aws-sdk/client-cloudformation";
import { UserError } from "../../../errors.ts";
import type { StackSetEvent, StackSetPlace } from "../../account/stack-sets.ts";
import type { StackTools } from "../stacks/tools.ts";
import { readStacksOfSet } from "./describe-stack-set.ts";
import { begin, finished, started, succeeded, waitForOthers } from "./operations.ts";

/** Makes the stack that a set lacks in a region; one that could not be made before, or that is behind, is tried again. */
export async function* addStack(
  aws: CloudFormationClient,
  { name, account, region }: StackSetPlace,
  tools: StackTools,
  signal: AbortSignal,
): AsyncGenerator<StackSetEvent, void, void> {
  const began = tools.now();
  while (!signal.aborted) {
    const stacks = await readStacksOfSet(aws, name);
    if (stacks === undefined) throw new UserError("stack/not-found", `there is no stack set ${name}`);
    const there = stacks.find((stack) => stack.account === account && stack.region === region);
    if (there?.status === "CURRENT") return;
    const operation = { StackSetName: name, OperationId: tools.uuid(), Accounts: [account], Regions: [region] };
    const command = there === undefined ? CreateStackInstancesCommand : UpdateStackInstancesCommand;
    yield started(name, "add", tools, [region]);
    const id = await begin(operation.OperationId, () => aws.send(new command(operation)), tools, signal);
    if (id === undefined) {
      yield* waitForOthers(aws, { name, began }, tools, signal);
      continue;
    }
    if (await succeeded(aws, { name, id }, tools, signal)) yield finished(name, "add", tools);
    return;
  }
}
