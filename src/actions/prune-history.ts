import type { Account } from "../providers/account.ts";
import type { ArtifactPlace } from "../providers/account/artifacts.ts";
import type { WorkloadRef } from "../providers/provider.ts";
import type { DeployStory } from "./deploy-workload.ts";
import type { DeploymentLock } from "./deployment-lock.ts";
import { accountHistory } from "./past-deployments.ts";

interface Kept {
  keep: number;
  where: ArtifactPlace;
  lock: DeploymentLock;
}

/** Forgets all but the newest so many deployments of a workload: records, their templates, and revisions of its task
 *  definition. What serves, what is being deployed and what completed last stay, whatever their age; so does a revision that
 *  anything else uses. What cannot be forgotten is a notice: the next time will do.
 *  @throws UserError deploy/busy */
export async function* pruneHistory(
  workload: WorkloadRef,
  { keep, where, lock }: Kept,
  { account }: { account: Account },
  signal: AbortSignal,
): AsyncGenerator<DeployStory, void, void> {
  if (!lock.isHeld) yield* lock.take(signal);
  try {
    const entries = await accountHistory(workload, { account, where, limit: 1000 });
    const last = entries.find(({ result }) => result === "completed");
    const used = entries.filter((each) => each.serves || each.result === "in-progress" || each === last);
    const inUse = used.flatMap(({ deploymentId, at }) => [at, ...(deploymentId === undefined ? [] : [deploymentId])]);
    const revisions = used.flatMap(({ revision }) => revision ?? []);
    const [records, gone] = [
      await account.history.prune(workload, { keep, inUse }, where),
      await account.services.pruneRevisions(workload, { keep, inUse: revisions }),
    ];
    if (records === 0 && gone.length === 0) return;
    const text = gone.length === 0 ? "" : `, and deregistered ${gone.join(", ")}`;
    yield { type: "notice", code: "history/pruned", message: `forgot ${records} former deployments${text}` };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    yield { type: "notice", code: "history/not-pruned", message: `former deployments are not forgotten: ${why}` };
  }
}
