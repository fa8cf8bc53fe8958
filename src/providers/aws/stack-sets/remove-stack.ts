import { type CloudFormationClient, DeleteStackInstancesCommand } from "@aws-sdk/client-cloudformation";
import type { StackSetPlace } from "../../account/stack-sets.ts";
import type { StackTools } from "../stacks/tools.ts";
import { changeStack } from "./change-stack.ts";

/** Deletes the stack that a set has in a region. */
export function removeStack(aws: CloudFormationClient, place: StackSetPlace, tools: StackTools, signal: AbortSignal) {
  const { account, region } = place;
  return changeStack(
    aws,
    place,
    {
      action: "remove",
      next(stacks) {
        const isThere = stacks?.some((stack) => stack.account === account && stack.region === region) === true;
        if (!isThere) return undefined;
        return (operation) => aws.send(new DeleteStackInstancesCommand({ ...operation, RetainStacks: false }));
      },
    },
    tools,
    signal,
  );
}
