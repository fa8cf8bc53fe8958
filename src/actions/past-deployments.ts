import type { Account } from "../providers/account.ts";
import type { ArtifactPlace } from "../providers/account/artifacts.ts";
import type { PastDeployment } from "../providers/account/history.ts";
import type { ServiceDeployment } from "../providers/account/services.ts";
import type { ImageReference, Provider, WorkloadRef } from "../providers/provider.ts";
import { describeWorkload } from "./describe-workload.ts";

/** A deployment of a workload, as it was recorded and as the back end remembers it. */
export interface HistoryEntry {
  /** Of the task definition; absent for what has none, and where nobody knows it. */
  revision?: number;
  deploymentId?: string;
  /** ISO 8601; when it began. */
  at: string;
  result: PastDeployment["result"] | "in-progress";
  reason?: string;
  /** Container → its image. */
  images: Record<string, ImageReference>;
  commit?: string;
  /** ARN of who deployed; absent where it was not recorded. */
  by?: string;
  /** From where. */
  from?: string;
  /** When the deployment was that this one repeats. */
  repeats?: string;
  /** It went past CloudFormation, to a revision that its stack does not know. */
  hotswap?: true;
  /** Whether it is what serves now. */
  serves: boolean;
  /** What of it can be deployed again: all that was given to its stack, or its image alone. Absent: nothing. */
  restores?: "stack" | "image";
}

/** An entry, and the record that it stands on. */
export interface KnownDeployment extends HistoryEntry {
  record?: PastDeployment;
}

/** The deployments of a workload in a simulated environment, newest first. @throws UserError service/not-found */
export async function localHistory(workload: WorkloadRef, provider: Provider): Promise<HistoryEntry[]> {
  const { deployments } = await describeWorkload(workload, { provider });
  const serving = deployments.find(({ status, rolloutState }) => status !== "INACTIVE" && rolloutState === "COMPLETED");
  const entries = deployments.map((deployment): HistoryEntry => {
    const { id, revision, createdAt, rolloutState, rolloutStateReason, images } = deployment;
    const result = results[rolloutState];
    return {
      revision,
      deploymentId: id,
      at: createdAt,
      result,
      ...(result === "failed" && { reason: rolloutStateReason }),
      images: Object.fromEntries(images.map(({ container, ...image }) => [container, image])),
      serves: id === serving?.id,
      ...(result === "completed" && { restores: "stack" }),
    };
  });
  return entries.toSorted(newestFirst);
}

const results = { COMPLETED: "completed", FAILED: "failed", IN_PROGRESS: "in-progress" } as const;

/** The deployments of a workload on AWS, newest first: what has been recorded, beside what ECS itself remembers, whoever has
 *  deployed. */
export async function accountHistory(
  workload: WorkloadRef,
  { account, where, limit }: { account: Pick<Account, "history" | "services">; where: ArtifactPlace; limit?: number },
): Promise<KnownDeployment[]> {
  const [records, remembered] = await Promise.all([
    account.history.list(workload, where, limit),
    account.services.past(workload),
  ]);
  return mergeHistory(records, remembered).slice(0, limit);
}

/** Pure. Both newest first. */
export function mergeHistory(
  records: readonly PastDeployment[],
  remembered: readonly ServiceDeployment[],
): KnownDeployment[] {
  const left = new Set(remembered);
  const byId = new Map(remembered.map((each) => [each.deploymentId, each]));
  const matched = new Map<PastDeployment, ServiceDeployment>();
  for (const record of records) {
    const match = byId.get(record.deploymentId ?? "");
    if (match !== undefined && left.delete(match)) matched.set(record, match);
  }
  for (const [index, record] of records.entries()) {
    if (record.deploymentId !== undefined) continue;
    // One that was not followed: the first one that began after it, and before whatever was deployed next.
    const until = records[index - 1]?.at ?? "9999";
    const began = [...left].filter(({ at }) => at >= record.at && at < until);
    const first = record.result === "completed" ? undefined : began.at(-1);
    if (first !== undefined && left.delete(first)) matched.set(record, first);
  }
  const entries = [
    ...records.map((record) => recordedEntry(record, matched.get(record))),
    ...[...left].map((deployment) => rememberedEntry(deployment, records)),
  ].toSorted(newestFirst);
  const serving = servingEntry(entries, remembered);
  return entries.map((entry) => ({ ...entry, serves: entry === serving }));
}

function recordedEntry(record: PastDeployment, known: ServiceDeployment | undefined): KnownDeployment {
  const { at, result, reason, commit, by, from, repeats, hotswap } = record;
  const isOpen = ["detached", "interrupted", "timeout"].includes(result);
  const ended = isOpen && known !== undefined ? known : { result, reason };
  const revision = record.revision ?? known?.revision;
  const deploymentId = record.deploymentId ?? known?.deploymentId;
  return {
    ...(revision !== undefined && { revision }),
    ...(deploymentId !== undefined && { deploymentId }),
    at,
    result: ended.result,
    ...(ended.reason !== undefined && { reason: ended.reason }),
    images: { ...known?.images, ...record.images },
    ...(commit !== undefined && { commit }),
    by,
    ...(from !== undefined && { from }),
    ...(repeats !== undefined && { repeats }),
    ...(hotswap && { hotswap }),
    serves: false,
    ...(ended.result === "completed" && { restores: "stack" }),
    record,
  };
}

/** What nobody recorded: the stack is known when the revision is that of a deploy which was, as after a rollback that
 *  CloudFormation has made. */
function rememberedEntry(deployment: ServiceDeployment, records: readonly PastDeployment[]): KnownDeployment {
  const { revision, result } = deployment;
  const record = records.find((each) => each.revision === revision && each.result === "completed");
  const hasImage = Object.keys(deployment.images).length > 0;
  const restores = record !== undefined ? "stack" : hasImage ? "image" : undefined;
  return {
    ...deployment,
    ...(result === "completed" && restores !== undefined && { restores }),
    ...(record !== undefined && { record }),
  };
}

/** The newest completed one of the revision that serves: what was deployed after that may have changed no task. */
function servingEntry(
  entries: readonly KnownDeployment[],
  remembered: readonly ServiceDeployment[],
): KnownDeployment | undefined {
  const serving = remembered.find(({ serves }) => serves);
  const completed = entries.filter(({ result }) => result === "completed");
  if (remembered.length === 0) return completed[0];
  return completed.find(({ revision }) => revision !== undefined && revision === serving?.revision);
}

function newestFirst(a: HistoryEntry, b: HistoryEntry): number {
  return a.at < b.at ? 1 : a.at > b.at ? -1 : 0;
}
