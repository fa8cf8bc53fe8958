import type { WorkloadManifest } from "../manifest/load.ts";
import { isService } from "../manifest/load.ts";
import type { StackOutcome, StackPlace } from "../providers/account/stacks.ts";
import type { DeployResult, WorkloadRef } from "../providers/provider.ts";
import { alongside } from "./alongside.ts";
import type { AccountTools } from "./deploy-to-account.ts";
import type { DeployStory, WorkloadToDeploy } from "./deploy-workload.ts";
import type { GatheredFacts } from "../providers/account/facts.ts";
import type { PackagedStack } from "./packaged-stack.ts";
import { updateStack } from "./update-stack.ts";

export interface StackToRollOut {
  request: WorkloadToDeploy;
  manifest: WorkloadManifest;
  stack: PackagedStack;
  gathered: GatheredFacts;
  where: StackPlace;
  executionRoleArn: string;
}

/** Updates the stack of a workload, and follows beside it what ECS makes of it: success is that of our own deployment.
 *  @throws UserError stack/* where the stack fails for another reason than its service */
export async function* rollOut(
  { request, manifest, stack, gathered, ...how }: StackToRollOut,
  tools: AccountTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, DeployResult, void> {
  const { account, provider, now } = tools;
  const { workspace } = tools;
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
  if (!isService(manifest)) {
    const { outcome } = yield* update;
    return { outcome: outcomes[outcome], status: await provider.describeWorkload(workload), durationMs: since() };
  }
  const over = new AbortController();
  const { failFast, timeoutMs } = request;
  const following = account.services.follow(
    { ...workload, over: over.signal, failFast, ...(timeoutMs !== undefined && { timeoutMs }) },
    signal,
  );
  const { main, beside } = yield* alongside<DeployStory, StackOutcome, DeployResult | undefined>(
    update,
    following,
    () => over.abort(),
  );
  const followed = "value" in beside ? beside.value : undefined;
  if ("error" in main) {
    // Why ECS gave up says more than that CloudFormation waited in vain.
    if (followed?.outcome === "failed" || followed?.outcome === "superseded")
      return { ...followed, durationMs: since() };
    throw main.error;
  }
  if ("error" in beside) throw beside.error;
  const { outcome } = main.value;
  if (followed !== undefined && outcome !== "detached") return { ...followed, durationMs: since() };
  if (outcome === "unchanged" && request.force) return yield* redeploy(workload, request, tools, signal);
  return { outcome: outcomes[outcome], status: await provider.describeWorkload(workload), durationMs: since() };
}

/** A deployment of what is deployed. */
async function* redeploy(
  workload: WorkloadRef,
  { failFast, timeoutMs, detach }: WorkloadToDeploy,
  { account: { services }, provider }: AccountTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, DeployResult, void> {
  const { deployments } = await provider.describeWorkload(workload);
  const { deploymentId } = await services.redeploy(workload);
  const detached = async (): Promise<DeployResult> => ({
    outcome: "detached",
    deploymentId,
    status: await provider.describeWorkload(workload),
    durationMs: 0,
  });
  if (detach) return detached();
  const followed = yield* services.follow(
    {
      ...workload,
      known: deployments.map(({ id }) => id),
      failFast,
      ...(timeoutMs !== undefined && { timeoutMs }),
    },
    signal,
  );
  return followed ?? detached();
}

const outcomes = {
  created: "completed",
  updated: "completed",
  unchanged: "unchanged",
  detached: "detached",
  interrupted: "interrupted",
} as const;
