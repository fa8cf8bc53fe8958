import type { TaskStatus, WorkloadStatus } from "../provider.ts";

/** What the newest deployment of a service is waiting for, in a few words; empty when for nothing. Pure. */
export function waitingFor({ deployments, tasks, status }: WorkloadStatus): string {
  if (status !== "ACTIVE") return tasks.length === 0 ? "" : `${count(tasks.length, "task")} to stop`;
  const primary = deployments.find((each) => each.status === "PRIMARY");
  if (primary === undefined || primary.rolloutState !== "IN_PROGRESS") return "";
  const ours = tasks.filter(
    ({ deploymentId, desiredStatus }) => deploymentId === primary.id && desiredStatus === "RUNNING",
  );
  const starting = ours.filter(({ lastStatus }) => lastStatus !== "RUNNING");
  if (starting.length > 0)
    return `${count(starting.length, "task")} to start (${starting[0]?.lastStatus.toLowerCase()}${failingCheck(starting)})`;
  const unhealthy = ours.length - primary.healthyCount;
  if (unhealthy > 0) return `${count(unhealthy, "task")} to become healthy${reasonOf(ours)}`;
  if (ours.length < primary.desiredCount)
    return `${count(primary.desiredCount - ours.length, "more task")} to be started`;
  const old = tasks.filter(({ deploymentId }) => deploymentId !== primary.id);
  const draining = old.filter(({ lastStatus }) => lastStatus === "DEACTIVATING");
  if (draining.length > 0) return `${count(draining.length, "old task")} to finish open requests`;
  return old.length > 0 ? `${count(old.length, "old task")} to stop` : "";
}

/** A container that others wait for may never become healthy. */
function failingCheck(tasks: readonly TaskStatus[]): string {
  const failing = tasks.flatMap(({ containers }) => containers).find(({ health }) => health === "UNHEALTHY");
  return failing === undefined ? "" : `; the health check of ${failing.name} fails`;
}

function reasonOf(tasks: readonly TaskStatus[]): string {
  const described = tasks.flatMap(({ targets }) => targets).find(({ description }) => description !== undefined);
  return described === undefined ? "" : `: ${described.description}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
