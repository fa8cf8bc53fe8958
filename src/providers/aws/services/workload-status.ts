import type { Deployment, Service, Task, TaskDefinition } from "@aws-sdk/client-ecs";
import type { TargetHealthDescription } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { DeploymentStatus, TaskStatus, WorkloadRef, WorkloadStatus } from "../../provider.ts";
import { lastPart, revisionIn } from "./arns.ts";

/** What ECS and the load balancers say of a service at one moment. */
export interface ServicePicture {
  workload: WorkloadRef;
  service: Service;
  live: readonly Task[];
  stopped: readonly Task[];
  /** By ARN; those that are not known are left out. */
  definitions: Readonly<Record<string, TaskDefinition>>;
  /** By target group. */
  targets: Readonly<Record<string, readonly TargetHealthDescription[]>>;
  urls: readonly string[];
  /** Milliseconds since the epoch. */
  now: number;
}

/** A task that nothing checks counts as healthy when it has been running for so long.
 *  Source: Amazon ECS Developer Guide, "Deploy Amazon ECS services by replacing tasks". */
const healthyAfterMs = 40_000;

/** A service of ECS as `svc status` shows it. Pure. */
export function workloadStatus(picture: ServicePicture): WorkloadStatus {
  const { workload, service, live, stopped } = picture;
  const { app, env, name } = workload;
  const tasks = live.map((task) => taskStatus(task, picture));
  return {
    app,
    env,
    name,
    status: stateOf(service.status),
    desiredCount: service.desiredCount ?? 0,
    runningCount: service.runningCount ?? 0,
    pendingCount: service.pendingCount ?? 0,
    deployments: (service.deployments ?? []).map((each) => deploymentStatus(each, tasks, picture)),
    tasks,
    stoppedTasks: stopped.map((task) => taskStatus(task, picture)),
    events: (service.events ?? []).map(({ createdAt, message = "" }) => ({ at: iso(createdAt), message })),
    urls: [...picture.urls],
  };
}

function deploymentStatus(
  deployment: Deployment,
  tasks: readonly TaskStatus[],
  picture: ServicePicture,
): DeploymentStatus {
  const { id = "", taskDefinition = "", rolloutState, rolloutStateReason = "" } = deployment;
  const ours = tasks.filter(({ deploymentId }) => deploymentId === id);
  return {
    id,
    status: deploymentState(deployment.status),
    rolloutState: rolloutState ?? "IN_PROGRESS",
    rolloutStateReason,
    revision: revisionIn(taskDefinition),
    desiredCount: deployment.desiredCount ?? 0,
    runningCount: deployment.runningCount ?? 0,
    pendingCount: deployment.pendingCount ?? 0,
    healthyCount: ours.filter((task) => isHealthy(task, picture)).length,
    failedTasks: deployment.failedTasks ?? 0,
    createdAt: iso(deployment.createdAt),
    updatedAt: iso(deployment.updatedAt),
    images: imagesOf(taskDefinition, id, picture),
  };
}

/** What the task definition names, and the digest that the deployment's tasks run. */
function imagesOf(arn: string, deployment: string, { definitions, live, stopped }: ServicePicture) {
  const containers = [...live, ...stopped]
    .filter(({ startedBy, taskDefinitionArn }) => startedBy === deployment && taskDefinitionArn === arn)
    .flatMap((task) => task.containers ?? []);
  return (definitions[arn]?.containerDefinitions ?? []).map(({ name = "", image = "" }) => {
    const id = containers.find((each) => each.name === name && each.imageDigest !== undefined)?.imageDigest;
    return { container: name, name: image, ...(id !== undefined && { id }) };
  });
}

function taskStatus(task: Task, { definitions, targets, service }: ServicePicture): TaskStatus {
  const defined = definitions[task.taskDefinitionArn ?? ""]?.containerDefinitions;
  return {
    id: lastPart(task.taskArn ?? ""),
    deploymentId: task.startedBy ?? "",
    revision: revisionIn(task.taskDefinitionArn ?? ""),
    lastStatus: task.lastStatus ?? "",
    desiredStatus: task.desiredStatus === "STOPPED" ? "STOPPED" : "RUNNING",
    health: task.healthStatus ?? "UNKNOWN",
    createdAt: iso(task.createdAt),
    ...optional("startedAt", task.startedAt),
    ...optional("stoppedAt", task.stoppedAt),
    ...(task.stopCode !== undefined && { stopCode: task.stopCode }),
    ...(task.stoppedReason !== undefined && { stoppedReason: task.stoppedReason }),
    containers: (task.containers ?? []).map((container) => {
      const definition = defined?.find(({ name }) => name === container.name);
      const { name = "", lastStatus = "", exitCode, reason, runtimeId, image, healthStatus } = container;
      return {
        name,
        lastStatus,
        ...(exitCode !== undefined && { exitCode }),
        ...(reason !== undefined && { reason }),
        ...(runtimeId !== undefined && { runtimeId }),
        image: definition?.image ?? image ?? "",
        ...(definition !== undefined && { essential: definition.essential ?? true }),
        ...(definition?.healthCheck !== undefined && { health: healthStatus ?? "UNKNOWN" }),
      };
    }),
    targets: (service.loadBalancers ?? []).flatMap(({ targetGroupArn: group = "", containerPort = 0 }) =>
      targetsOf(task, containerPort, targets[group] ?? []).map((target) => ({ targetGroup: group, ...target })),
    ),
  };
}

/** A task has an address of its own, which its targets are registered under.
 *  Source: Amazon ECS API reference, Attachment: details of a network interface. */
function targetsOf(task: Task, port: number, all: readonly TargetHealthDescription[]) {
  const interfaces = (task.attachments ?? []).filter(({ type }) => type === "ElasticNetworkInterface");
  const details = interfaces.flatMap((each) => each.details ?? []);
  const ip = details.find(({ name }) => name === "privateIPv4Address")?.value;
  return all
    .filter(({ Target }) => Target?.Id === ip && Target?.Port === port)
    .map(({ TargetHealth }) => ({
      address: `${ip}:${port}`,
      state: TargetHealth?.State ?? "",
      ...(TargetHealth?.Reason !== undefined && { reason: TargetHealth.Reason }),
      ...(TargetHealth?.Description !== undefined && { description: TargetHealth.Description }),
    }));
}

/** Counts for minimumHealthyPercent: running, healthy in every target group, and by the checks of its essential
 *  containers. */
function isHealthy(task: TaskStatus, { service, now }: ServicePicture): boolean {
  if (task.lastStatus !== "RUNNING" || task.desiredStatus !== "RUNNING") return false;
  const groups = service.loadBalancers ?? [];
  const hasCheck = task.containers.some(({ essential, health }) => essential === true && health !== undefined);
  if (groups.length === 0 && !hasCheck) return now - Date.parse(task.startedAt ?? "") >= healthyAfterMs;
  const isIn = ({ targetGroupArn }: { targetGroupArn?: string }) =>
    task.targets.some(({ targetGroup, state }) => targetGroup === targetGroupArn && state === "healthy");
  return groups.every(isIn) && (!hasCheck || task.health === "HEALTHY");
}

function stateOf(status: string | undefined): WorkloadStatus["status"] {
  return status === "DRAINING" || status === "INACTIVE" ? status : "ACTIVE";
}

function deploymentState(status: string | undefined): DeploymentStatus["status"] {
  return status === "PRIMARY" || status === "INACTIVE" ? status : "ACTIVE";
}

function iso(at: Date | undefined): string {
  return at?.toISOString() ?? "";
}

function optional<K extends string>(name: K, at: Date | undefined): Partial<Record<K, string>> {
  return at === undefined ? {} : ({ [name]: at.toISOString() } as Record<K, string>);
}
