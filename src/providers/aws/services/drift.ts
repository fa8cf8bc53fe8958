import type { Service } from "@aws-sdk/client-ecs";
import type { Drift } from "../../provider.ts";
import { revisionIn } from "./arns.ts";
import type { FoundWorkload } from "./find-workload.ts";

/** The ARN of the task definition that the stack of a workload has made. */
export function stackDefinitionOf({ resources }: Pick<FoundWorkload, "resources">): string | undefined {
  const definition = resources["TaskDefinition"];
  return definition?.type === "AWS::ECS::TaskDefinition" ? definition.physicalId : undefined;
}

/** Whether a service has left its stack behind. While CloudFormation works on the stack the two differ as they should. */
export function driftOf(workload: Pick<FoundWorkload, "resources">, { taskDefinition }: Service): Drift | undefined {
  const ofStack = stackDefinitionOf(workload);
  if (ofStack === undefined || taskDefinition === undefined || taskDefinition === ofStack) return undefined;
  if (Object.values(workload.resources).some(({ status }) => status.endsWith("_IN_PROGRESS"))) return undefined;
  return { revision: revisionIn(taskDefinition), stackRevision: revisionIn(ofStack) };
}
