import type { Deployment, Service } from "@aws-sdk/client-ecs";
import { setTimeout as sleep } from "node:timers/promises";
import type { DeploymentToFollow } from "../../account/services.ts";
import type { DeployEvent, DeployResult, WorkloadRef } from "../../provider.ts";
import { slower } from "../pace.ts";
import { familyAndRevision, revisionIn } from "../services/arns.ts";
import { EcsService } from "../services/ecs-service.ts";
import {
  type FoundWorkload,
  openEnvironment,
  type ReadingTools,
  resourcesOf,
  thereOf,
} from "../services/find-workload.ts";
import { loadBalancerUrls } from "../services/load-balancer-urls.ts";
import { takePicture } from "../services/take-picture.ts";
import { type ServicePicture, workloadStatus } from "../services/workload-status.ts";
import { stackName } from "../../../plan/names.ts";
import { type End, howItEnded, howItWent } from "./how-it-ended.ts";
import { News } from "./news.ts";
import { stopDeployment, type Stopped } from "./stop-deployment.ts";

/** Follows the next deployment of a service by its own id, beside whatever starts it: success is that *this* deployment has
 *  completed, failure that it is FAILED or superseded; the roll-back of a failed one is followed too.
 *  Undefined when none came. */
export async function* followService(
  request: DeploymentToFollow,
  tools: ReadingTools,
  signal: AbortSignal,
): AsyncGenerator<DeployEvent, DeployResult | undefined, void> {
  const timeout = request.timeoutMs === undefined ? undefined : AbortSignal.timeout(request.timeoutMs);
  const stop = timeout === undefined ? signal : AbortSignal.any([signal, timeout]);
  const next = await nextDeployment(request, tools, stop);
  if (next === undefined) return undefined;
  const { workload, ecs, deployment } = next;
  const { id: deploymentId = "", taskDefinition = "", createdAt } = deployment;
  yield {
    type: "accepted",
    at: (createdAt ?? new Date(tools.now())).toISOString(),
    deploymentId,
    revision: revisionIn(taskDefinition),
    taskDefinition: familyAndRevision(taskDefinition),
  };
  return yield* followDeployment({ ...next, deploymentId, workload, ecs }, request, tools, { stop, timeout });
}

export interface FollowedDeployment {
  workload: FoundWorkload;
  ecs: EcsService;
  deploymentId: string;
  /** As it was seen first. */
  service: Service;
  deployment: Deployment;
}

/** Follows a deployment that is there to its end. */
export async function* followDeployment(
  { workload, ecs, deploymentId, service: first, deployment }: FollowedDeployment,
  { failFast, over, environmentStack }: Pick<DeploymentToFollow, "failFast" | "over" | "environmentStack">,
  tools: ReadingTools,
  { stop, timeout }: { stop: AbortSignal; timeout: AbortSignal | undefined },
): AsyncGenerator<DeployEvent, DeployResult, void> {
  const { now, pace } = tools;
  const begun = now();
  const since = deployment.createdAt?.getTime() ?? begun;
  const news = new News(workload.session, pace, { deploymentId, since });
  const asking = loadBalancerUrls(workload, tools.stacks, environmentStack);
  asking.catch(() => undefined);
  let gaveUp: Stopped | undefined;
  let service: Service | undefined = first;
  for (let delay = pace.first; ;) {
    const picture = await takePicture(ecs, service, { workload: refOf(workload), urls: await asking, now: now() });
    const heard = news.of(picture);
    yield* heard;
    if (failFast && news.firstFailure !== undefined)
      gaveUp ??= await stopDeployment(workload, ecs, deploymentId, tools, { deletesFirst: true });
    const ended = await endOf(picture, deploymentId, workload);
    const reason = gaveUp === undefined ? undefined : givenUp[gaveUp];
    const isOurs = ended?.outcome === "superseded" && reason !== undefined;
    const end: End | undefined = isOurs ? { outcome: "failed", reason } : ended;
    if (end !== undefined || stop.aborted) {
      yield* await news.rest();
      return resultOf(end ?? { outcome: timeout?.aborted ? "timeout" : "interrupted" }, picture);
    }
    delay = heard.length > 0 ? pace.first : slower(delay, pace);
    // When CloudFormation is done there is news.
    const awake = over === undefined || over.aborted ? stop : AbortSignal.any([stop, over]);
    await sleep(delay, undefined, { signal: awake }).catch(() => undefined);
    service = (await ecs.describe()) ?? { ...service, status: "INACTIVE", deployments: [] };
  }

  function resultOf(end: End, picture: ServicePicture): DeployResult {
    return {
      ...end,
      deploymentId,
      ...(news.firstFailure !== undefined && { firstFailure: news.firstFailure, hint: news.firstFailure.hint }),
      status: workloadStatus(picture),
      durationMs: now() - begun,
    };
  }
}

/** Why a deployment that was stopped at its first failure is gone. */
const givenUp: Partial<Record<Stopped, string>> = {
  creation: "its first task has failed, and the stack that was being made for it is deleted",
  stack: "a task of it has failed, and its stack goes back to what it was",
};

async function endOf(
  picture: ServicePicture,
  deploymentId: string,
  { session }: FoundWorkload,
): Promise<End | undefined> {
  const status = workloadStatus(picture);
  const isListed = status.deployments.some(({ id }) => id === deploymentId);
  if (isListed || status.status !== "ACTIVE") return howItEnded(picture.service, status, deploymentId);
  return howItWent(session, picture.service, status, deploymentId);
}

/** Waits for a deployment that was not there before; undefined when none comes any more. */
async function nextDeployment(
  request: DeploymentToFollow,
  tools: ReadingTools,
  stop: AbortSignal,
): Promise<Omit<FollowedDeployment, "deploymentId"> | undefined> {
  const { over, known: given, deploymentId } = request;
  const { pace } = tools;
  const environment = await openEnvironment(request, tools);
  const { app, env, name } = request;
  const stack = stackName(app, env, name);
  let known = given === undefined ? undefined : new Set(given);
  let workload: FoundWorkload | undefined;
  let ecs: EcsService | undefined;
  const awake = over === undefined ? stop : AbortSignal.any([stop, over]);
  const pause = async (delay: number) => sleep(delay, undefined, { signal: awake }).catch(() => undefined);
  let resources = request.resources && thereOf(request.resources);
  // CloudFormation has to come to the service first.
  if (over !== undefined && known !== undefined) await pause(2 * pace.first);
  for (let delay = pace.first; !stop.aborted; delay = slower(delay, pace)) {
    const isLast = over?.aborted === true;
    if (ecs === undefined) {
      resources ??= await resourcesOf(stack, environment.where, tools.stacks);
      const service = Object.values(resources).find(({ type }) => type === "AWS::ECS::Service");
      workload = { app, env, name, ...environment, stack, resources };
      resources = undefined;
      if (service !== undefined) ecs = new EcsService(environment.session, { service: service.physicalId });
    }
    const service = await ecs?.describe();
    const deployments = (service?.deployments ?? []).toSorted(oldestFirst);
    const fresh =
      deploymentId === undefined
        ? deployments.find(({ id = "" }) => known?.has(id) === false)
        : (deployments.find(({ id }) => id === deploymentId) ?? { id: deploymentId });
    if (fresh !== undefined && service !== undefined && ecs !== undefined && workload !== undefined)
      return { workload, ecs, service, deployment: fresh };
    known ??= new Set(deployments.flatMap(({ id }) => id ?? []));
    if (isLast) return undefined;
    if (!awake.aborted) await pause(delay);
  }
  return undefined;
}

function oldestFirst(a: Deployment, b: Deployment): number {
  return (a.createdAt?.getTime() ?? 0) - (b.createdAt?.getTime() ?? 0);
}

function refOf({ app, env, name }: WorkloadRef): WorkloadRef {
  return { app, env, name };
}
