import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../errors.ts";
import { type ServiceUpdated, taskGroupName, type UpdateService } from "../protocol.ts";
import type { Deployment, DeploymentSpec } from "../engine/state.ts";
import type { Daemon } from "./daemon.ts";
import { primaryOf, serviceOf } from "./service-of.ts";

/** Creates a service or brings it to a new plan. @throws UserError environment/not-found, service/deleting, engine/unreachable, simulator/disk-full */
export async function updateService(
  daemon: Daemon,
  { plan, images, envFiles = {}, force, noRollback, taskGroup }: UpdateService,
): Promise<ServiceUpdated> {
  const name = taskGroup ? taskGroupName(plan.name) : plan.name;
  const serviceId = `${plan.app}/${plan.env}/${name}`;
  await daemon.troubles.refuseNew();
  daemon.environments.use(plan.app, plan.env);
  const spec: DeploymentSpec = { plan, images: await pinLocalImages(daemon, plan, images), noRollback };
  // Nothing else happens from here to the answer's facts, so that they are about this request alone.
  const before = daemon.state.services[serviceId];
  if (before !== undefined && before.status !== "ACTIVE")
    throw new UserError("service/deleting", `${plan.name} is being deleted: its last tasks are about to stop`, {
      hint: "try again in a moment",
    });
  const old = before === undefined ? undefined : primaryOf(before);
  const failedBefore = old?.rolloutState === "FAILED";
  for (const [arn, contents] of Object.entries(envFiles)) daemon.values.putObject(arn, contents);
  daemon.simulator.apply({
    type: "update-service",
    serviceId,
    spec,
    force: force || failedBefore,
    ...(taskGroup && { taskGroup }),
  });
  daemon.forgetOldObjects();
  const after = serviceOf(daemon.state, serviceId);
  const primary = primaryOf(after);
  if (primary === undefined) throw new Error(`${serviceId} has no deployment`);
  const settings = !isDeepStrictEqual(asked(old), asked(primary));
  const counted = before?.desiredCount !== after.desiredCount;
  const changed = old?.id !== primary.id ? "deployment" : counted ? "count" : settings ? "settings" : "nothing";
  const updated: ServiceUpdated = {
    serviceId,
    deploymentId: primary.id,
    revision: primary.revision,
    changed,
    at: daemon.now(),
  };
  await daemon.balancers.settled();
  return updated;
}

/** What a deployment is asked for; the manifest's own text is kept beside it. */
function asked(deployment: Deployment | undefined): unknown {
  return deployment && { ...deployment.spec.plan, manifest: undefined };
}

/** Pins what is on this machine already; the rest is pulled and pinned by the deployment's first task. */
async function pinLocalImages(
  daemon: Daemon,
  plan: UpdateService["plan"],
  known: Record<string, string>,
): Promise<Record<string, string>> {
  const pinned: Record<string, string> = {};
  for (const { name, image } of plan.taskDefinition.containerDefinitions ?? []) {
    if (name === undefined || image === undefined) continue;
    const id = known[name] ?? (await daemon.runtime.imageId(image));
    if (id !== undefined) pinned[name] = id;
  }
  return pinned;
}
