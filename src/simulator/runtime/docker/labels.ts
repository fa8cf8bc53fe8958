import type { TaskToRun } from "../runtime.ts";

const ownerLabel = "pilotfish.owner";

/** What a container is, as its labels say it. */
export interface ContainerIdentity {
  task: string;
  serviceId: string;
  /** Undefined for the pause container. */
  container: string | undefined;
  attempt: number;
}

/** The label that everything we make carries. */
export function ownedBy(owner: string): Record<string, string> {
  return { [ownerLabel]: owner };
}

/** The Engine's filter for what is ours, or for one task of ours. */
export function ownedFilter(owner: string, more: Record<string, string[]> = {}, task?: string): string {
  const labels = [`${ownerLabel}=${owner}`, ...(task === undefined ? [] : [`pilotfish.task=${task}`])];
  return JSON.stringify({ ...more, label: labels });
}

export function labelsOf(owner: string, task: TaskToRun, container?: string, attempt?: number): Record<string, string> {
  return {
    ...ownedBy(owner),
    "pilotfish.app": task.plan.app,
    "pilotfish.env": task.plan.env,
    "pilotfish.name": task.plan.name,
    "pilotfish.service": task.serviceId,
    "pilotfish.revision": String(task.revision),
    "pilotfish.task": task.id,
    ...(container === undefined ? {} : { "pilotfish.container": container, "pilotfish.attempt": String(attempt) }),
  };
}

/** Reads labels back; undefined for what is not a container of this owner's tasks. */
export function identityOf(owner: string, labels: Record<string, string>): ContainerIdentity | undefined {
  const task = labels["pilotfish.task"];
  if (labels[ownerLabel] !== owner || task === undefined) return undefined;
  const container = labels["pilotfish.container"];
  const attempt = container === undefined ? 0 : Number(labels["pilotfish.attempt"]);
  return { task, serviceId: labels["pilotfish.service"] ?? "", container, attempt };
}

/** The name follows from what the container is, so a second create of the same one is refused and can be adopted. */
export function containerName(owner: string, task: string, container?: string, attempt?: number): string {
  const own = container === undefined ? "pause" : `${container}-${attempt}`;
  return `${containerNamePrefix(owner, task)}${own}`;
}

/** What the names of a task's containers begin with. */
export function containerNamePrefix(owner: string, task: string): string {
  return `pf-${owner.slice(0, 8)}-${task.slice(0, 12)}-`;
}
