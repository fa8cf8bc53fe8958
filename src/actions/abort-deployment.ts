import { UserError } from "../errors.ts";
import type { DeployResult, Provider, WorkloadRef } from "../providers/provider.ts";
import { describeWorkload } from "./describe-workload.ts";
import type { DeployStory } from "./deploy-workload.ts";

/** Stops the deployment of a service that is running, whoever has started it, and follows the way back to what was there
 *  before; while CloudFormation updates the stack, that update is cancelled.
 *  @throws UserError service/not-found, deploy/refused when none is running or it is the first one */
export async function* abortDeployment(
  workload: WorkloadRef,
  { provider, now }: { provider: Provider; now: () => number },
  signal: AbortSignal,
): AsyncGenerator<DeployStory, DeployResult, void> {
  const { app, env, name } = workload;
  yield { type: "target", app, env, name, target: await provider.target(workload) };
  const { deployments } = await describeWorkload(workload, { provider });
  const running = deployments.find(
    ({ status, rolloutState }) => status === "PRIMARY" && rolloutState === "IN_PROGRESS",
  );
  if (running === undefined)
    throw new UserError("deploy/refused", `no deployment of ${name} is running in ${env}`, {
      hint: `pilotfish svc status -a ${app} -n ${name} -e ${env}`,
    });
  const { id, revision, createdAt } = running;
  const seconds = Math.max(0, Math.round((now() - Date.parse(createdAt)) / 1000));
  const message = `aborts deployment ${id} of revision ${revision}, which began ${seconds} s ago`;
  yield { type: "notice", code: "deploy/aborted", message };
  return yield* provider.rollBackDeployment(workload, id, signal);
}
