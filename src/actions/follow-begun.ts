import type { Account } from "../providers/account.ts";
import type { KnownSurroundings } from "../providers/account/services.ts";
import type { DeployResult, Provider, WorkloadRef } from "../providers/provider.ts";
import type { DeployStory, WorkloadToDeploy } from "./deploy-workload.ts";

export interface BeginTools {
  account: Pick<Account, "services">;
  provider: Pick<Provider, "describeWorkload">;
  now: () => number;
}

type Following = Pick<WorkloadToDeploy, "failFast" | "timeoutMs" | "detach">;

/** Begins a deployment that ECS is asked for itself, and follows it to its end. */
export async function* followBegun(
  workload: WorkloadRef,
  { failFast, timeoutMs, detach }: Following,
  begin: () => Promise<{ deploymentId: string }>,
  { account: { services }, provider, now }: BeginTools,
  signal: AbortSignal,
  known: KnownSurroundings = {},
): AsyncGenerator<DeployStory, DeployResult, void> {
  const startedAt = now();
  const { deploymentId } = await begin();
  const request = { ...workload, ...known, deploymentId, failFast, ...(timeoutMs !== undefined && { timeoutMs }) };
  const ours = detach ? undefined : yield* services.follow(request, signal);
  if (ours !== undefined) return ours;
  const status = await provider.describeWorkload(workload);
  // It has begun, and nobody waited until it was seen.
  const outcome = detach ? "detached" : signal.aborted ? "interrupted" : "timeout";
  return { outcome, deploymentId, status, durationMs: now() - startedAt };
}

/** A deployment of what is deployed. */
export async function* redeploy(
  workload: WorkloadRef,
  options: Following,
  tools: BeginTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, DeployResult, void> {
  return yield* followBegun(workload, options, () => tools.account.services.redeploy(workload), tools, signal);
}
