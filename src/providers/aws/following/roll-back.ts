import { UserError } from "../../../errors.ts";
import type { DeployEvent, DeployResult, WorkloadRef } from "../../provider.ts";
import { ecsServiceOf } from "../services/describe-workload.ts";
import { findWorkload, notDeployed, type ReadingTools } from "../services/find-workload.ts";
import { followDeployment } from "./follow-service.ts";
import { stopDeployment } from "./stop-deployment.ts";

/** Ends a running deployment by going back to what was there before, and follows that.
 *  @throws UserError environment/not-found, service/not-found, deploy/refused for one that has ended or is the first one */
export async function* rollBackDeployment(
  ref: WorkloadRef,
  deploymentId: string,
  tools: ReadingTools,
  stop: AbortSignal,
): AsyncGenerator<DeployEvent, DeployResult, void> {
  const workload = await findWorkload(ref, tools);
  const ecs = ecsServiceOf(workload);
  const service = await ecs.describe();
  const deployment = service?.deployments?.find(({ id }) => id === deploymentId);
  if (service === undefined) throw notDeployed(ref);
  const stopped = deployment === undefined ? "nothing" : await stopDeployment(workload, ecs, deploymentId, tools);
  if (deployment === undefined || stopped === "nothing") throw notRunning(ref, deploymentId);
  const followed = { workload, ecs, deploymentId, service, deployment };
  const end = yield* followDeployment(followed, {}, tools, { stop, timeout: undefined });
  if (stopped !== "stack" || end.outcome !== "superseded") return end;
  // CloudFormation goes back by a further deployment, of what was there before.
  const back = await ecs.describe();
  const primary = back?.deployments?.find(({ status }) => status === "PRIMARY");
  if (back === undefined || primary?.id === undefined) return end;
  const undoing = { workload, ecs, deploymentId: primary.id, service: back, deployment: primary };
  const undone = yield* followDeployment(undoing, {}, tools, { stop, timeout: undefined });
  const former = undone.status.deployments.find(({ id }) => id === primary.id);
  return {
    ...end,
    outcome: undone.outcome === "completed" ? "failed" : undone.outcome,
    reason: "it was rolled back",
    status: undone.status,
    durationMs: end.durationMs + undone.durationMs,
    ...(undone.outcome === "completed" &&
      former !== undefined && { rolledBackTo: { deploymentId: former.id, revision: former.revision } }),
  };
}

function notRunning({ app, env, name }: WorkloadRef, deploymentId: string): UserError {
  return new UserError(
    "deploy/refused",
    `deployment ${deploymentId} of ${name} cannot be rolled back: it has ended, or nothing was there before it`,
    { hint: `pilotfish svc status -a ${app} -n ${name} -e ${env}` },
  );
}
