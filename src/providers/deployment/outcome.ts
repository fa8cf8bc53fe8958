import type { DeploymentStatus, DeployResult, WorkloadStatus } from "../provider.ts";

type End = Pick<DeployResult, "outcome" | "reason" | "rolledBackTo">;

/** How it has ended, or undefined while it goes on. Pure. */
export function outcomeOf(status: WorkloadStatus, deploymentId: string, scaling = false): End | undefined {
  const ours = status.deployments.find(({ id }) => id === deploymentId);
  const primary = status.deployments.find((deployment) => deployment.status === "PRIMARY");
  if (status.status !== "ACTIVE") return { outcome: "superseded", reason: "the service is being deleted" };
  if (ours === undefined) return { outcome: "superseded", reason: "another deployment took its place" };
  if (ours.rolloutState === "FAILED") return endOfFailure(ours, primary, status);
  if (ours.status !== "PRIMARY") return { outcome: "superseded", reason: `deployment ${primary?.id} took its place` };
  return ours.rolloutState === "COMPLETED" && (!scaling || isScaled(ours, status))
    ? { outcome: "completed" }
    : undefined;
}

/** A failed deployment has ended when the former version has its tasks back, or when nothing runs any more. */
function endOfFailure(
  ours: DeploymentStatus,
  primary: DeploymentStatus | undefined,
  status: WorkloadStatus,
): End | undefined {
  const failed: End = { outcome: "failed", reason: ours.rolloutStateReason };
  if (primary === undefined || primary.id === ours.id)
    return status.runningCount + status.pendingCount === 0 ? failed : undefined;
  if (primary.rolloutState === "COMPLETED")
    return { ...failed, rolledBackTo: { deploymentId: primary.id, revision: primary.revision } };
  return primary.rolloutState === "FAILED" ? failed : undefined;
}

function isScaled(ours: DeploymentStatus, status: WorkloadStatus): boolean {
  return ours.healthyCount >= status.desiredCount && ours.runningCount <= status.desiredCount;
}
