import type { StackResourceDescription } from "../../account/stacks.ts";

/** What a workload's stack runs. */
export type RunningResource =
  | { kind: "ecs"; service: string }
  | { kind: "app-runner"; service: string }
  | { kind: "static-site"; distribution: string; bucket: string }
  | { kind: "job"; stateMachine: string };

/** Undefined while the stack has nothing of it yet, or has lost it. Pure. */
export function runningResource(
  resources: Readonly<Record<string, StackResourceDescription>>,
): RunningResource | undefined {
  const idOf = (type: string) => Object.values(resources).find((each) => each.type === type)?.physicalId;
  const ecs = idOf("AWS::ECS::Service");
  if (ecs !== undefined) return { kind: "ecs", service: ecs };
  const appRunner = idOf("AWS::AppRunner::Service");
  if (appRunner !== undefined) return { kind: "app-runner", service: appRunner };
  const stateMachine = idOf("AWS::StepFunctions::StateMachine");
  if (stateMachine !== undefined) return { kind: "job", stateMachine };
  const distribution = idOf("AWS::CloudFront::Distribution");
  if (distribution !== undefined)
    return { kind: "static-site", distribution, bucket: resources["Bucket"]?.physicalId ?? "" };
  return undefined;
}
