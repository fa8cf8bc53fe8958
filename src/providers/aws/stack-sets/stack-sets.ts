import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import type { StackSets } from "../../account/stack-sets.ts";
import type { AwsSession } from "../session.ts";
import { ownTools, type StackTools } from "../stacks/tools.ts";
import { addStack } from "./add-stack.ts";
import { deleteStackSet } from "./delete-stack-set.ts";
import { deployStackSet } from "./deploy-stack-set.ts";
import { removeStack } from "./remove-stack.ts";
import { describeStackSet, readStacksOfSet } from "./describe-stack-set.ts";

/** The stack sets of a session's account and region. @param tools time and names; nothing: those of this machine */
export function createStackSets(session: AwsSession, tools: StackTools = ownTools): StackSets {
  const aws = session.client(CloudFormationClient);
  return {
    describe: (name) => describeStackSet(aws, name),
    deploy: (set, signal) => deployStackSet(session, aws, set, tools, signal),
    addStack: (place, signal) => addStack(aws, place, tools, signal),
    removeStack: (place, signal) => removeStack(aws, place, tools, signal),
    listStacks: async (name) => (await readStacksOfSet(aws, name)) ?? [],
    delete: (name, signal) => deleteStackSet(aws, name, tools, signal),
  };
}
