import type { Stacks } from "../../account/stacks.ts";
import type { AwsSession } from "../session.ts";
import { continueRollback } from "./continue-rollback.ts";
import { deleteStack } from "./delete-stack.ts";
import { deployStack } from "./deploy-stack.ts";
import { describeStack, readTemplate } from "./describe-stack.ts";
import { listStacksByTags } from "./list-stacks.ts";
import { cloudFormationAt, rightsAt } from "./place.ts";
import { resourceDrift } from "./resource-drift.ts";
import { readResources } from "./stack-resources.ts";
import { ownTools, type StackTools } from "./tools.ts";

/** The stacks that a session may see. @param tools time and names; nothing: those of this machine */
export function createStacks(session: AwsSession, tools: StackTools = ownTools): Stacks {
  return {
    describe: (name, where) => describeStack(cloudFormationAt(session, where), name),
    template: (name, where) => readTemplate(cloudFormationAt(session, where), name),
    resources: (name, where) => readResources(rightsAt(session, where), name),
    drift: (name, logicalId, where) => resourceDrift(cloudFormationAt(session, where), name, logicalId),
    listByTags: (tags, where) => listStacksByTags(session, tags, where),
    deploy: (stack, signal) => deployStack(session, stack, tools, signal),
    delete: (stack, signal) => deleteStack(session, stack, tools, signal),
    continueRollback: (stack, signal) => continueRollback(session, stack, tools, signal),
  };
}
