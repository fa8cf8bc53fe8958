import { UserError } from "../../../errors.ts";
import type { WorkloadRef, WorkloadStatus } from "../../provider.ts";
import { EcsService } from "./ecs-service.ts";
import { type FoundWorkload, findWorkload, notDeployed, type ReadingTools } from "./find-workload.ts";
import { loadBalancerUrls } from "./load-balancer-urls.ts";
import { describeService } from "./take-picture.ts";

/** @throws UserError environment/not-found, service/not-found */
export async function describeWorkload(workload: WorkloadRef, tools: ReadingTools): Promise<WorkloadStatus> {
  return describeFound(await findWorkload(workload, tools), tools);
}

/** @throws UserError service/not-found */
export async function describeFound(workload: FoundWorkload, tools: ReadingTools): Promise<WorkloadStatus> {
  const ecs = ecsServiceOf(workload);
  const [service, urls] = await Promise.all([ecs.describe(), loadBalancerUrls(workload, tools.stacks)]);
  if (service === undefined || service.status === "INACTIVE") throw notDeployed(workload);
  return describeService(ecs, service, { workload, urls, now: tools.now() });
}

/** @throws UserError service/not-found while the stack has no service of ECS */
export function ecsServiceOf(workload: FoundWorkload): EcsService {
  const resource = Object.values(workload.resources).find(({ type }) => type === "AWS::ECS::Service");
  if (resource !== undefined) return new EcsService(workload.session, { service: resource.physicalId });
  const { app, env, name, stack } = workload;
  throw new UserError("service/not-found", `the stack ${stack} has no service of ECS`, {
    hint: `pilotfish svc show -a ${app} -n ${name} --resources`,
    cause: new Error(env),
  });
}
