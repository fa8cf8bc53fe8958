import { UserError } from "../../../errors.ts";
import type { KnownSurroundings } from "../../account/services.ts";
import type { WorkloadRef, WorkloadStatus } from "../../provider.ts";
import { describeAppRunner } from "./app-runner.ts";
import { driftOf } from "./drift.ts";
import { EcsService } from "./ecs-service.ts";
import { type FoundWorkload, findWorkload, notDeployed, type ReadingTools } from "./find-workload.ts";
import { runningResource } from "./kind-of-workload.ts";
import { loadBalancerUrls } from "./load-balancer-urls.ts";
import { describeService, glanceAtService } from "./take-picture.ts";

/** How much is asked for. */
interface Description extends KnownSurroundings {
  /** Tasks are left out: those that run count as healthy. */
  withoutTasks?: boolean;
}

/** @throws UserError environment/not-found, service/not-found */
export async function describeWorkload(
  workload: WorkloadRef,
  tools: ReadingTools,
  description: Description = {},
): Promise<WorkloadStatus> {
  return describeFound(await findWorkload(workload, tools, description), tools, description);
}

/** @throws UserError service/not-found */
export async function describeFound(
  workload: FoundWorkload,
  tools: ReadingTools,
  description: Description = {},
): Promise<WorkloadStatus> {
  const running = runningResource(workload.resources);
  switch (running?.kind) {
    case "ecs":
      return describeEcs(workload, tools, description);
    case "app-runner": {
      const found = await describeAppRunner(workload, running.service);
      if (found === undefined) throw notDeployed(workload);
      return withoutTasks(workload, found.urls, found.service.Status);
    }
    case "static-site":
      return withoutTasks(workload, await siteUrls(workload, tools));
    case "job":
      return withoutTasks(workload, []);
    case undefined:
      throw notDeployed(workload);
  }
}

async function describeEcs(
  workload: FoundWorkload,
  tools: ReadingTools,
  { environmentStack, withoutTasks: isBrief = false }: Description,
): Promise<WorkloadStatus> {
  const ecs = ecsServiceOf(workload);
  const [service, urls] = await Promise.all([
    ecs.describe(),
    loadBalancerUrls(workload, tools.stacks, environmentStack),
  ]);
  if (service === undefined || service.status === "INACTIVE") throw notDeployed(workload);
  const about = { workload, urls, now: tools.now() };
  const status = isBrief ? await glanceAtService(ecs, service, about) : await describeService(ecs, service, about);
  const drift = driftOf(workload, service);
  return { ...status, ...(drift && { drift }) };
}

/** What is no service of ECS has no tasks that anybody sees. */
function withoutTasks({ app, env, name }: WorkloadRef, urls: string[], state?: string): WorkloadStatus {
  const counts = { desiredCount: 0, runningCount: 0, pendingCount: 0 };
  const empty = { deployments: [], tasks: [], stoppedTasks: [], events: [] };
  return { app, env, name, status: "ACTIVE", ...counts, ...empty, urls, ...(state !== undefined && { state }) };
}

/** Under its alias, and at the distribution's own name. */
export async function siteUrls({ stack, where }: FoundWorkload, { stacks }: ReadingTools): Promise<string[]> {
  const outputs = (await stacks.describe(stack, where))?.outputs ?? {};
  const names = [outputs["CloudFrontDistributionAlternativeDomainName"], outputs["CloudFrontDistributionDomainName"]];
  return names.flatMap((name) => (name === undefined ? [] : [`https://${name}`]));
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
