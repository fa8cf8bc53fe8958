import {
  type CloudFormationClient,
  DeleteStackInstancesCommand,
  DeleteStackSetCommand,
} from "@aws-sdk/client-cloudformation";
import type { StackSetEvent } from "../../account/stack-sets.ts";
import type { StackTools } from "../stacks/tools.ts";
import { readStacksOfSet } from "./describe-stack-set.ts";
import { begin, finished, started, succeeded, waitForOthers } from "./operations.ts";

/** Deletes the stacks of a stack set, then the stack set. */
export async function* deleteStackSet(
  aws: CloudFormationClient,
  name: string,
  tools: StackTools,
  signal: AbortSignal,
): AsyncGenerator<StackSetEvent, void, void> {
  const began = tools.now();
  let told = false;
  while (!signal.aborted) {
    const stacks = await readStacksOfSet(aws, name);
    const regions = [...new Set(stacks?.map(({ region }) => region))];
    if (!told && stacks !== undefined) yield started(name, "delete", tools, regions);
    if (stacks === undefined) {
      if (told) yield finished(name, "delete", tools);
      return;
    }
    told = true;
    const operation = {
      StackSetName: name,
      OperationId: tools.uuid(),
      Accounts: [...new Set(stacks.map(({ account }) => account))],
      Regions: regions,
      RetainStacks: false,
      OperationPreferences: { RegionConcurrencyType: "PARALLEL" as const },
    };
    const id = await begin(
      operation.OperationId,
      async () => {
        if (stacks.length > 0) return aws.send(new DeleteStackInstancesCommand(operation));
        await aws.send(new DeleteStackSetCommand({ StackSetName: name }));
        return {};
      },
      tools,
      signal,
    );
    if (id === undefined) yield* waitForOthers(aws, { name, began }, tools, signal);
    else if (stacks.length === 0) {
      yield finished(name, "delete", tools);
      return;
    } else await succeeded(aws, { name, id }, tools, signal);
  }
}
