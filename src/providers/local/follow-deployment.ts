import { UserError } from "../../errors.ts";
import type { SimulatorClient } from "../../simulator/client.ts";
import type { FollowEvent } from "../../simulator/protocol.ts";
import type { DeployEvent, DeployResult, StoppedTask, WorkloadStatus } from "../provider.ts";
import { outcomeOf } from "../deployment/outcome.ts";
import { toDeployEvent } from "./to-deploy-event.ts";

export interface DeploymentToFollow {
  serviceId: string;
  deploymentId: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  /** Only the count was changed, which starts no deployment: it is done when as many tasks run as are wanted. */
  scaling?: boolean;
  failFast?: boolean;
  timeoutMs?: number;
}

/** Follows one deployment to its end: success is that *this* deployment has completed, failure that it is FAILED or
 *  superseded; the roll-back of a failed one is followed too. */
export async function* followDeployment(
  client: SimulatorClient,
  followed: DeploymentToFollow,
  signal: AbortSignal,
): AsyncGenerator<DeployEvent, DeployResult, void> {
  const { serviceId, deploymentId, timeoutMs } = followed;
  const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const either = timeout === undefined ? signal : AbortSignal.any([signal, timeout]);
  let status: WorkloadStatus | undefined;
  let firstFailure: StoppedTask | undefined;
  let gaveUp = false;
  for await (const event of follow(client, followed, either)) {
    if (event.type === "task-stopped" && event.task.deploymentId === deploymentId) {
      firstFailure ??= event.task;
      if (followed.failFast && !gaveUp) {
        gaveUp = true;
        await client.call("stop-deployment", { serviceId, deploymentId, reason: "a task stopped (--fail-fast)" });
      }
    }
    yield toDeployEvent(event);
    if (event.type !== "status") continue;
    status = event.status;
    const end = outcomeOf(status, deploymentId, followed.scaling);
    if (end === undefined) continue;
    const hadFailures = status.deployments.some(({ id, failedTasks }) => id === deploymentId && failedTasks > 0);
    if (end.outcome === "failed" && firstFailure === undefined && hadFailures) {
      const late = await lateFailure(client, followed, signal);
      if (late !== undefined) yield { type: "task-stopped", at: new Date().toISOString(), task: late };
      firstFailure = late;
    }
    return {
      ...end,
      deploymentId,
      hint: firstFailure?.hint,
      firstFailure,
      status,
      durationMs: Date.now() - followed.startedAt,
    };
  }
  status ??= await client.call("describe-service", { serviceId });
  const outcome = signal.aborted ? "interrupted" : timeout?.aborted ? "timeout" : "superseded";
  const reason = outcome === "superseded" ? "the service was deleted meanwhile" : undefined;
  return { outcome, reason, deploymentId, firstFailure, status, durationMs: Date.now() - followed.startedAt };
}

/** The simulator may end meanwhile; the deployment goes on with the next one.
 *  @throws UserError simulator/unreachable */
async function* follow(
  client: SimulatorClient,
  { serviceId, deploymentId }: DeploymentToFollow,
  signal: AbortSignal,
): AsyncGenerator<FollowEvent, void, void> {
  try {
    yield* client.stream("follow-service", { serviceId, deploymentId }, signal);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== "simulator/unreachable") throw error;
    const [app, env, name] = serviceId.split("/");
    throw new UserError(error.code, `the simulator ended while deployment ${deploymentId} was going on`, {
      hint: `pilotfish svc status -a ${app} -n ${name} -e ${env}${env === "local" ? "" : " --local"}    (starts it again, and the deployment goes on)`,
      cause: error,
    });
  }
}

/** The report of a failed task may still be under way when the end is seen. */
async function lateFailure(
  client: SimulatorClient,
  { serviceId, deploymentId }: DeploymentToFollow,
  signal: AbortSignal,
): Promise<StoppedTask | undefined> {
  const briefly = AbortSignal.any([signal, AbortSignal.timeout(3000)]);
  for await (const event of client.stream("follow-service", { serviceId, deploymentId }, briefly))
    if (event.type === "task-stopped" && event.task.deploymentId === deploymentId) return event.task;
  return undefined;
}
