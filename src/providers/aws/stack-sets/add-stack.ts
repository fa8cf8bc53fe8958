import {
  type CloudFormationClient,
  CreateStackInstancesCommand,
  UpdateStackInstancesCommand,
} from "@aws-sdk/client-cloudformation";
import { UserError } from "../../../errors.ts";
import type { StackOfSet, StackSetPlace } from "../../account/stack-sets.ts";
import type { StackTools } from "../stacks/tools.ts";
import { changeStack } from "./change-stack.ts";

/** Makes the stack that a set lacks in a region; one that could not be made before, or that is behind, is tried again. */
export function addStack(aws: CloudFormationClient, place: StackSetPlace, tools: StackTools, signal: AbortSignal) {
  const { name, account, region } = place;
  return changeStack(
    aws,
    place,
    {
      action: "add",
      next(stacks) {
        if (stacks === undefined) throw new UserError("stack/not-found", `there is no stack set ${name}`);
        const there = stacks.find((stack) => stack.account === account && stack.region === region);
        if (there?.status === "CURRENT") return undefined;
        if (there?.status === "INOPERABLE") throw inoperable(there);
        const command = there === undefined ? CreateStackInstancesCommand : UpdateStackInstancesCommand;
        return (operation) => aws.send(new command(operation));
      },
    },
    tools,
    signal,
  );
}

/** What is left of a deletion that failed takes no update. Source: CloudFormation API reference, StackInstanceSummary. */
function inoperable({ name, account, region, stackId, reason }: StackOfSet): UserError {
  const why = reason === undefined ? "" : `: ${reason}`;
  const flags = `--stack-set-name ${name} --accounts ${account} --regions ${region}`;
  return new UserError(
    "stack-set/failed",
    `the stack of ${name} in ${region} could not be deleted before and takes no update (INOPERABLE)${why}`,
    {
      hint: `aws cloudformation delete-stack-instances ${flags} --no-retain-stacks`,
      details: [
        ...(stackId === undefined ? [] : [`The stack: ${stackId}`]),
        "When its bucket or repositories are empty, this deletes it; then run the command again.",
      ],
    },
  );
}
