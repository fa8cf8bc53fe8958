import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../errors.ts";
import { resolvePlan } from "../../plan/resolve.ts";
import type { SimulatorClient } from "../../simulator/client.ts";
import type { ServiceUpdated } from "../../simulator/protocol.ts";
import type { DeployEvent, DeploymentToRepeat, DeployRequest, DeployResult } from "../provider.ts";
import { withoutAwsSidecars } from "./aws-sidecars.ts";
import { uploads } from "./env-file-uploads.ts";
import { findExports } from "./find-exports.ts";
import { followDeployment } from "./follow-deployment.ts";
import { referenceValue } from "./reference-value.ts";

/** As on AWS, where such a change is made to the target group or the rule alone. */
const inPlace =
  "only settings of the load balancer or the service changed: they are in force, and no task was replaced";

/** Resolves the plan with what this machine knows, starts the deployment and follows it. */
export async function* deployWorkload(
  client: SimulatorClient,
  request: DeployRequest,
  signal: AbortSignal,
): AsyncGenerator<DeployEvent, DeployResult, void> {
  const { images, envFiles, force, noRollback, failFast, detach, timeoutMs } = request;
  const plan = withoutAwsSidecars(request.plan);
  const { app, env, loadBalancer, importedLoadBalancer: imported } = plan;
  const address = loadBalancer && (await client.call("open-load-balancer", { app, env, loadBalancer, imported }));
  const exports = await findExports(client, plan);
  const files = uploads(app, plan.envFiles ?? [], envFiles);
  const facts = { plan, images, exports, envFiles: files.arns, loadBalancer: address?.address ?? "" };
  const resolved = resolvePlan(plan, (later, part) => referenceValue(later, part, facts));
  const known = Object.fromEntries(
    Object.entries(images).flatMap(([container, { id }]) => (id === undefined ? [] : [[container, id]])),
  );
  const updated = yield* onceDeleted(signal, () =>
    client.call("update-service", { plan: resolved, images: known, envFiles: files.objects, force, noRollback }),
  );
  const taskDefinition = `${resolved.taskDefinition.family}:${updated.revision}`;
  return yield* follow(client, { ...updated, taskDefinition }, { failFast, detach, timeoutMs }, signal);
}

/** Deploys again what a former deployment ran, and follows that. */
export async function* repeatDeployment(
  client: SimulatorClient,
  { app, env, name, deploymentId, noRollback, ...options }: DeploymentToRepeat,
  signal: AbortSignal,
): AsyncGenerator<DeployEvent, DeployResult, void> {
  const serviceId = `${app}/${env}/${name}`;
  const updated = await client.call("repeat-deployment", { serviceId, deploymentId, noRollback });
  return yield* follow(client, updated, options, signal);
}

async function* follow(
  client: SimulatorClient,
  { serviceId, deploymentId, revision, changed, at, taskDefinition }: ServiceUpdated & { taskDefinition: string },
  { failFast, detach, timeoutMs }: Pick<DeployRequest, "failFast" | "detach" | "timeoutMs">,
  signal: AbortSignal,
): AsyncGenerator<DeployEvent, DeployResult, void> {
  const status = await client.call("describe-service", { serviceId });
  const running = status.deployments.find(({ id }) => id === deploymentId)?.rolloutState === "IN_PROGRESS";
  if (changed === "nothing" && !running) return { outcome: "unchanged", deploymentId, status, durationMs: 0 };
  yield {
    type: "accepted",
    at: new Date(at).toISOString(),
    deploymentId,
    revision,
    taskDefinition,
  };
  if (changed === "settings") yield { type: "notice", code: "service/updated-in-place", message: inPlace };
  if (detach) return { outcome: "detached", deploymentId, status, durationMs: 0 };
  return yield* followDeployment(
    client,
    { serviceId, deploymentId, startedAt: Date.now(), scaling: changed === "count", failFast, timeoutMs },
    signal,
  );
}

/** A service of this name that is being deleted is waited for, as CloudFormation does. */
async function* onceDeleted<T>(signal: AbortSignal, update: () => Promise<T>): AsyncGenerator<DeployEvent, T, void> {
  for (let told = false; ; told = true) {
    try {
      return await update();
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== "service/deleting" || signal.aborted) throw error;
      if (!told) yield { type: "notice", code: error.code, message: `${error.message}; the deploy waits for that` };
      await sleep(200);
    }
  }
}
