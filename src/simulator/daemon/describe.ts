import type { DeploymentStatus, TaskStatus, WorkloadStatus } from "../../providers/provider.ts";
import { isHealthy } from "../engine/health.ts";
import { countTasks, tasksOf } from "../engine/queries.ts";
import { unmetRules } from "./service-urls.ts";
import type { Deployment, Service, SimulatorState, Task } from "../engine/state.ts";

/** What a description needs beside the service itself. */
export interface View {
  state: SimulatorState;
  now: number;
  /** Where the service answers, best first. */
  urls: (service: Service) => string[];
}

/** A service as `svc status` shows it. Pure. */
export function describeService(view: View, service: Service): WorkloadStatus {
  const tasks = tasksOf(view.state, service.id);
  const live = tasks.filter(({ lastStatus }) => lastStatus !== "STOPPED");
  const { running, pending } = countTasks(live);
  const images = new Map(service.deployments.map((deployment) => [deployment.id, imageNames(deployment)]));
  const describe = (task: Task) => describeTask(task, images.get(task.deploymentId) ?? {});
  return {
    app: service.app,
    env: service.env,
    name: service.name,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: running,
    pendingCount: pending,
    deployments: service.deployments.map((deployment) => describeDeployment(deployment, live)),
    tasks: live.map(describe),
    stoppedTasks: tasks
      .filter(({ lastStatus }) => lastStatus === "STOPPED")
      .toSorted(newestFirst)
      .map(describe),
    events: service.events.map(({ at, message }) => ({ at: iso(at), message })),
    urls: view.urls(service),
    ...notes(service),
  };
}

function notes({ deployments }: Service): Pick<WorkloadStatus, "notes"> {
  const plan = deployments.find(({ status }) => status === "PRIMARY")?.spec.plan;
  const unmet = plan === undefined ? [] : unmetRules(plan);
  return unmet.length === 0 ? {} : { notes: unmet };
}

/** What the service's newest deployment is waiting for, in a few words; empty when for nothing. */
export function waitingFor(view: View, service: Service): string {
  const primary = service.deployments.find(({ status }) => status === "PRIMARY");
  if (service.status !== "ACTIVE") {
    const left = tasksOf(view.state, service.id).filter(({ lastStatus }) => lastStatus !== "STOPPED");
    return left.length === 0 ? "" : `${count(left.length, "task")} to stop (${left[0]?.lastStatus.toLowerCase()})`;
  }
  if (primary === undefined || primary.rolloutState !== "IN_PROGRESS") return "";
  const tasks = tasksOf(view.state, service.id).filter(({ lastStatus }) => lastStatus !== "STOPPED");
  const ours = tasks.filter(
    ({ deploymentId, desiredStatus }) => deploymentId === primary.id && desiredStatus === "RUNNING",
  );
  const starting = ours.filter(({ lastStatus }) => lastStatus !== "RUNNING");
  const unhealthy = ours.filter((task) => task.lastStatus === "RUNNING" && !isHealthy(task));
  const old = tasks.filter(({ deploymentId }) => deploymentId !== primary.id);
  if (ours.length === 0 && primary.throttle.notBefore > view.now)
    return `the next try, in ${Math.ceil((primary.throttle.notBefore - view.now) / 1000)} s`;
  if (starting.length > 0)
    return `${count(starting.length, "task")} to start (${starting[0]?.lastStatus.toLowerCase()}${failingCheck(starting)})`;
  if (unhealthy.length > 0) return `${count(unhealthy.length, "task")} to become healthy${reasonOf(unhealthy)}`;
  const stopping = tasks.filter(({ desiredStatus }) => desiredStatus === "STOPPED");
  if (ours.length < primary.desiredCount && stopping.length > 0)
    return `${count(stopping.length, "stopping task")} to make room (${stopping[0]?.lastStatus.toLowerCase()})`;
  if (ours.length < primary.desiredCount) return `room for ${count(primary.desiredCount - ours.length, "more task")}`;
  const draining = old.filter(({ lastStatus }) => lastStatus === "DEACTIVATING");
  if (draining.length > 0) return `${count(draining.length, "old task")} to finish open requests`;
  return old.length > 0 ? `${count(old.length, "old task")} to stop` : "";
}

/** A container that others wait for may never become healthy. */
function failingCheck(tasks: Task[]): string {
  const failing = tasks.flatMap(({ containers }) => containers).find(({ health }) => health === "UNHEALTHY");
  return failing === undefined ? "" : `; the health check of ${failing.name} fails`;
}

function reasonOf(tasks: Task[]): string {
  const described = tasks.flatMap(({ targets }) => targets).find(({ description }) => description !== undefined);
  return described === undefined ? "" : `: ${described.description}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function describeDeployment(deployment: Deployment, live: Task[]): DeploymentStatus {
  const { running, pending, healthy } = countTasks(live.filter(({ deploymentId }) => deploymentId === deployment.id));
  const names = imageNames(deployment);
  return {
    id: deployment.id,
    status: deployment.status,
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
    revision: deployment.revision,
    desiredCount: deployment.desiredCount,
    runningCount: running,
    pendingCount: pending,
    healthyCount: healthy,
    failedTasks: deployment.failedTasks,
    createdAt: iso(deployment.createdAt),
    updatedAt: iso(deployment.updatedAt),
    images: Object.entries(names).map(([container, name]) => ({
      container,
      name,
      id: deployment.spec.images[container],
    })),
  };
}

function describeTask(task: Task, images: Record<string, string>): TaskStatus {
  return {
    id: task.id,
    deploymentId: task.deploymentId,
    revision: task.revision,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    health: task.health,
    createdAt: iso(task.createdAt),
    startedAt: optionalIso(task.startedAt),
    stoppedAt: optionalIso(task.stoppedAt),
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    containers: task.containers.map((container) => ({
      name: container.name,
      lastStatus: container.lastStatus,
      exitCode: container.exitCode,
      reason: container.reason,
      runtimeId: container.runtimeId,
      image: images[container.name] ?? container.imageId ?? "",
      essential: container.essential,
      health: container.health,
      restarts: Math.max(0, container.attempt - 1),
    })),
    targets: task.targets.map(({ targetGroup, containerPort, state, reason, description }) => ({
      targetGroup,
      address: task.ports[containerPort] === undefined ? "" : `127.0.0.1:${task.ports[containerPort]}`,
      state,
      reason,
      description,
    })),
  };
}

function imageNames(deployment: Deployment): Record<string, string> {
  const containers = deployment.spec.plan.taskDefinition.containerDefinitions ?? [];
  return Object.fromEntries(containers.map(({ name, image }) => [name ?? "", image ?? ""]));
}

function newestFirst(a: Task, b: Task): number {
  return (b.stoppedAt ?? 0) - (a.stoppedAt ?? 0);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function optionalIso(at: number | undefined): string | undefined {
  return at === undefined ? undefined : iso(at);
}
