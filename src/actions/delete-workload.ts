import type { DeployEvent, LocalProvider, WorkloadRef } from "../providers/provider.ts";
import { explainNotFound } from "./explain-not-found.ts";

/** Removes a deployed workload with its tasks and logs; its manifest stays. When the signal aborts, the removal goes on.
 *  @throws UserError service/not-found with what to type instead */
export async function* deleteWorkload(
  workload: WorkloadRef,
  { provider, signal }: { provider: LocalProvider; signal: AbortSignal },
): AsyncGenerator<DeployEvent, void, void> {
  try {
    yield* provider.deleteWorkload(workload, signal);
  } catch (error) {
    explainNotFound(workload, provider)(error);
  }
}
