import { ECSClient, ListServiceDeploymentsCommand, type Service } from "@aws-sdk/client-ecs";
import { outcomeOf } from "../../deployment/outcome.ts";
import type { DeployResult, WorkloadStatus } from "../../provider.ts";
import type { AwsSession } from "../session.ts";
import { lastPart } from "../services/arns.ts";

export type End = Pick<DeployResult, "outcome" | "reason" | "rolledBackTo">;

/** How a deployment that is in the list has ended; undefined while it goes on. Pure. */
export function howItEnded(service: Service, status: WorkloadStatus, deploymentId: string): End | undefined {
  const ours = status.deployments.find(({ id }) => id === deploymentId);
  if (status.status !== "ACTIVE" || ours?.rolloutState !== "FAILED" || ours.status !== "PRIMARY")
    return outcomeOf(status, deploymentId);
  // ECS fails a deployment and goes back in two steps. Nothing that has completed is there: nothing to go back to.
  const goesBack = service.deploymentConfiguration?.deploymentCircuitBreaker?.rollback === true;
  const former = status.deployments.some(({ id, rolloutState }) => id !== deploymentId && rolloutState === "COMPLETED");
  return goesBack && former ? undefined : { outcome: "failed", reason: ours.rolloutStateReason };
}

/** How one has ended that is not in the list any more: ECS takes a deployment out when its tasks are gone. Its service
 *  deployment tells, or else what the service's events said. */
export async function howItWent(
  session: AwsSession,
  service: Service,
  status: WorkloadStatus,
  deploymentId: string,
): Promise<End> {
  const primary = status.deployments.find((each) => each.status === "PRIMARY");
  const told = await serviceDeployment(session, service, deploymentId);
  const ofOurs = `(deployment ${deploymentId}) `;
  const said = (text: string) => status.events.find(({ message }) => message.includes(`${ofOurs}${text}`))?.message;
  if (told?.status === "SUCCESSFUL" || (told === undefined && said("deployment completed") !== undefined))
    return { outcome: "completed" };
  const failed =
    told === undefined ? said("deployment failed") !== undefined : /ROLLBACK|FAILED/.test(told.status ?? "");
  if (!failed) return { outcome: "superseded", reason: `deployment ${primary?.id} took its place` };
  const reason = told?.statusReason ?? said("deployment failed")?.split(ofOurs)[1] ?? "tasks of it failed";
  const isBack = primary?.rolloutState === "COMPLETED";
  return {
    outcome: "failed",
    reason,
    ...(isBack && { rolledBackTo: { deploymentId: primary.id, revision: primary.revision } }),
  };
}

/** The digits of a deployment's id are those of the service revision that it goes to. A manager role that Copilot made may
 *  not ask. Source: Amazon ECS API Reference, ListServiceDeployments. */
async function serviceDeployment(session: AwsSession, { serviceArn, clusterArn }: Service, deploymentId: string) {
  const ask = new ListServiceDeploymentsCommand({ service: serviceArn, cluster: clusterArn });
  const { serviceDeployments = [] } = await session
    .client(ECSClient)
    .send(ask)
    .catch(() => ({ serviceDeployments: [] }));
  return serviceDeployments.find(
    ({ targetServiceRevisionArn = "" }) => lastPart(targetServiceRevisionArn) === lastPart(deploymentId),
  );
}
