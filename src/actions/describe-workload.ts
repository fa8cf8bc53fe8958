import type { Provider, WorkloadRef, WorkloadStatus } from "../providers/provider.ts";
import { explainNotFound } from "./explain-not-found.ts";

/** A deployed workload as it is now. @throws UserError service/not-found with what to type instead */
export async function describeWorkload(
  workload: WorkloadRef,
  { provider }: { provider: Provider },
): Promise<WorkloadStatus> {
  return provider.describeWorkload(workload).catch(explainNotFound(workload, provider));
}
