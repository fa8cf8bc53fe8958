import {
  type Deployment,
  DescribeServiceRevisionsCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  type Service,
  type ServiceDeploymentBrief,
  type ServiceRevision,
} from "@aws-sdk/client-ecs";
import { UserError } from "../../../errors.ts";
import type { ServiceDeployment } from "../../account/services.ts";
import type { ImageReference, WorkloadRef } from "../../provider.ts";
import { lastPart, revisionIn } from "../services/arns.ts";
import { ecsServiceOf } from "../services/describe-workload.ts";
import type { EcsService } from "../services/ecs-service.ts";
import { findWorkload, type ReadingTools } from "../services/find-workload.ts";
import type { AwsSession } from "../session.ts";
import { isDenied, withEitherRight } from "./either-right.ts";

/** DescribeServiceRevisions takes so many. */
const mostRevisions = 20;
/** More than these nobody reads. */
const mostDeployments = 100;

/** The deployments of a service that ECS remembers: its service deployments, with the revision of the service that each went
 *  to; and those that it has now, whose beginning may lie further back.
 *  Source: Amazon ECS API Reference, ListServiceDeployments (90 days), DescribeServiceRevisions. */
export async function pastDeployments(ref: WorkloadRef, tools: ReadingTools): Promise<ServiceDeployment[]> {
  const ecs = await serviceOf(ref, tools);
  const service = await ecs?.service.describe();
  if (ecs === undefined || service === undefined || service.status === "INACTIVE") return [];
  const ask = (session: AwsSession) => rememberedBy(session, service);
  const remembered = await withEitherRight(ecs.session, tools.session, ask).catch(nothingWhenDenied);
  const serving = servingId(service);
  const listed = remembered.map(({ deployment, revision }) => fromHistory(deployment, revision, serving));
  const isListed = (each: Deployment) => listed.some(({ deploymentId }) => deploymentId === each.id);
  const present = await Promise.all(
    (service.deployments ?? []).map(async (each) => {
      const known = isListed(each) || each.taskDefinition === undefined;
      return known ? [] : [await fromService(each, ecs.service, serving)];
    }),
  );
  return [...listed, ...present.flat()].toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}

async function serviceOf(
  ref: WorkloadRef,
  tools: ReadingTools,
): Promise<{ service: EcsService; session: AwsSession } | undefined> {
  try {
    const workload = await findWorkload(ref, tools);
    return { service: ecsServiceOf(workload), session: workload.session };
  } catch (error) {
    if (error instanceof UserError && error.code === "service/not-found") return undefined;
    throw error;
  }
}

interface Remembered {
  deployment: ServiceDeploymentBrief;
  revision: ServiceRevision | undefined;
}

async function rememberedBy(session: AwsSession, { serviceArn, clusterArn }: Service): Promise<Remembered[]> {
  const client = session.client(ECSClient);
  const found: ServiceDeploymentBrief[] = [];
  let nextToken: string | undefined;
  do {
    const asked = { service: serviceArn, cluster: clusterArn, maxResults: 100, nextToken };
    const page = await client.send(new ListServiceDeploymentsCommand(asked));
    found.push(...(page.serviceDeployments ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined && found.length < mostDeployments);
  const arns = [...new Set(found.flatMap(({ targetServiceRevisionArn }) => targetServiceRevisionArn ?? []))];
  const batches = Array.from({ length: Math.ceil(arns.length / mostRevisions) }, (_, index) =>
    arns.slice(index * mostRevisions, (index + 1) * mostRevisions),
  );
  const answers = await Promise.all(
    batches.map((some) => client.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns: some }))),
  );
  const revisions = new Map(
    answers.flatMap(({ serviceRevisions = [] }) => serviceRevisions).map((each) => [each.serviceRevisionArn, each]),
  );
  return found.map((deployment) => ({
    deployment,
    revision: revisions.get(deployment.targetServiceRevisionArn),
  }));
}

/** The digits of a deployment's id are those of the service revision that it goes to. */
function fromHistory(
  { targetServiceRevisionArn = "", status, statusReason, createdAt, startedAt }: ServiceDeploymentBrief,
  revision: ServiceRevision | undefined,
  serving: string | undefined,
): ServiceDeployment {
  const deploymentId = `ecs-svc/${lastPart(targetServiceRevisionArn)}`;
  const images = (revision?.containerImages ?? []).map(({ containerName = "", image = "", imageDigest }) => [
    containerName,
    { name: image, ...(imageDigest !== undefined && { id: imageDigest }) },
  ]);
  return {
    deploymentId,
    at: (createdAt ?? startedAt ?? new Date(0)).toISOString(),
    result: resultOf(status),
    ...(statusReason !== undefined && statusReason !== "" && { reason: statusReason }),
    revision: revisionIn(revision?.taskDefinition ?? ""),
    images: Object.fromEntries(images) as Record<string, ImageReference>,
    serves: deploymentId === serving,
  };
}

/** Source: Amazon ECS API Reference, ServiceDeployment: status. One that was rolled back has failed. */
function resultOf(status = "PENDING"): ServiceDeployment["result"] {
  if (status === "SUCCESSFUL") return "completed";
  return /^(PENDING|IN_PROGRESS|STOP_REQUESTED|ROLLBACK_REQUESTED|ROLLBACK_IN_PROGRESS)$/.test(status)
    ? "in-progress"
    : "failed";
}

async function fromService(
  { id = "", taskDefinition = "", createdAt, rolloutState, rolloutStateReason }: Deployment,
  service: EcsService,
  serving: string | undefined,
): Promise<ServiceDeployment> {
  const definition = await service.definition(taskDefinition);
  const images = (definition?.containerDefinitions ?? []).map(({ name = "", image = "" }) => [name, { name: image }]);
  const result = rolloutState === "FAILED" ? "failed" : rolloutState === "IN_PROGRESS" ? "in-progress" : "completed";
  return {
    deploymentId: id,
    at: (createdAt ?? new Date(0)).toISOString(),
    result,
    ...(result === "failed" && rolloutStateReason !== undefined && { reason: rolloutStateReason }),
    revision: revisionIn(taskDefinition),
    images: Object.fromEntries(images) as Record<string, ImageReference>,
    serves: id === serving,
  };
}

/** The newest deployment that has completed: the service is what it made of it, until a newer one has. */
function servingId({ deployments = [] }: Service): string | undefined {
  const completed = deployments.filter(
    ({ rolloutState }) => rolloutState === "COMPLETED" || rolloutState === undefined,
  );
  return (completed.find(({ status }) => status === "PRIMARY") ?? completed[0])?.id;
}

function nothingWhenDenied(error: unknown): Remembered[] {
  if (isDenied(error)) return [];
  throw error;
}
