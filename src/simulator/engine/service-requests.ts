import { failDeployment } from "./breaker.ts";
import type { Draft } from "./draft.ts";
import { stopAndTell } from "./stop-tasks.ts";

/** Ends a deployment that is running: back to the last completed one, or down to nothing. A roll-back goes on. */
export function stopDeployment(draft: Draft, serviceId: string, deploymentId: string, reason: string): void {
  const deployment = draft.service(serviceId)?.deployments.find(({ id }) => id === deploymentId);
  if (deployment?.status !== "PRIMARY" || deployment.rolloutState !== "IN_PROGRESS") return;
  if (deployment.completedAt !== undefined || draft.service(serviceId)?.status !== "ACTIVE") return;
  failDeployment(draft, serviceId, { stoppedBecause: reason.replace(/\.$/, "") });
}

/** The tasks drain and stop; when all have, the service is gone. */
export function deleteService(draft: Draft, serviceId: string): void {
  if (draft.service(serviceId)?.status !== "ACTIVE") return;
  const service = draft.editService(serviceId);
  service.status = "DRAINING";
  service.desiredCount = 0;
  delete service.steadyAt;
  delete service.stuckAt;
  for (const { id } of service.deployments) {
    const deployment = draft.editDeployment(serviceId, id);
    deployment.desiredCount = 0;
    deployment.throttle.notBefore = 0;
  }
  const running = draft.tasksOf(serviceId).filter(({ desiredStatus }) => desiredStatus === "RUNNING");
  stopAndTell(draft, serviceId, running);
}
