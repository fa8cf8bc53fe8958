import { UserError } from "../../errors.ts";
import type { Calls } from "../protocol.ts";
import type { Daemon } from "./daemon.ts";
import { serviceOf } from "./service-of.ts";
import { updateService } from "./update-service.ts";

/** Deploys again what a former deployment ran: the plan as it was resolved, and the very images.
 *  @throws UserError service/not-found, history/not-found when it is not kept any more, image/gone, and as
 *  {@link updateService} */
export async function repeatDeployment(
  daemon: Daemon,
  { serviceId, deploymentId, noRollback }: Calls["repeat-deployment"]["params"],
): Promise<Calls["repeat-deployment"]["result"]> {
  const service = serviceOf(daemon.state, serviceId);
  const former = service.deployments.find(({ id }) => id === deploymentId);
  if (former === undefined)
    throw new UserError("history/not-found", `the simulator keeps no deployment ${deploymentId} of ${service.name}`, {
      hint: `pilotfish svc history -n ${service.name} -e ${service.env}`,
    });
  const { plan, images } = former.spec;
  for (const [container, image] of Object.entries(images)) {
    // What has a registry's digest can be pulled again.
    if (image.includes("@") || (await daemon.runtime.imageId(image)) !== undefined) continue;
    throw new UserError(
      "image/gone",
      `the image of ${container} in revision ${former.revision} is not on this machine any more: ${image}`,
      {
        details: ["The simulator keeps the images of the last five deployments that completed."],
        hint: `pilotfish svc deploy -n ${service.name} -e ${service.env}`,
      },
    );
  }
  const updated = await updateService(daemon, { plan, images, force: false, noRollback });
  return { ...updated, taskDefinition: `${plan.taskDefinition.family}:${updated.revision}` };
}
