import type { StackPlace } from "../providers/account/stacks.ts";
import type { DeployResult, WorkloadRef } from "../providers/provider.ts";
import type { AccountTools } from "./deploy-to-account.ts";
import type { DeploymentLock } from "./deployment-lock.ts";
import type { DeployStory, WorkloadToDeploy } from "./deploy-workload.ts";
import type { GatheredFacts } from "../providers/account/facts.ts";
import type { PackagedStack } from "./packaged-stack.ts";
import { updateStack } from "./update-stack.ts";

export interface StackToRollOut {
  request: WorkloadToDeploy;
  stack: PackagedStack;
  gathered: GatheredFacts;
  where: StackPlace;
  executionRoleArn: string;
  lock: DeploymentLock;
}

/** Updates the stack of a workload, and follows beside it what ECS makes of it: success is that of our own deployment.
 *  @throws UserError stack/* where the stack fails for another reason than its service */
export async function* rollOut(
  { request, stack, gathered, ...how }: StackToRollOut,
  tools: AccountTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, DeployResult | "stale", void> {
  const { provider, now, workspace } = tools;
  const workload: WorkloadRef = { app: workspace.application, env: request.env, name: request.name };
  const startedAt = now();
  const since = () => now() - startedAt;
  const update = updateStack(
    {
      stack,
      deployed: gathered.workloadStack,
      ...how,
      bucket: gathered.facts.artifacts.bucket,
      noRollback: request.noRollback,
      detach: request.detach,
    },
    tools,
    signal,
  );
  const { outcome } = yield* update;
  if (outcome === "stale") return outcome;
  return { outcome: outcomes[outcome], status: await provider.describeWorkload(workload), durationMs: since() };
}

const outcomes = {
  created: "completed",
  updated: "completed",
  unchanged: "unchanged",
  detached: "detached",
  interrupted: "interrupted",
} as const;
