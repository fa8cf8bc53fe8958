import type { TaskToRun } from "../runtime.ts";
import { hasConnect } from "../task-definition.ts";

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

export function isOwnedBy(owner: string, labels: Record<string, string>): boolean {
  return labels[ownerLabel] === owner;
}

/** The environment that a container's labels name, and whether it has Service Connect; undefined for what is not this
 *  owner's. */
export function environmentOfLabels(
  owner: string,
  labels: Record<string, string>,
): { app: string; env: string; connect: boolean } | undefined {
  const { "pilotfish.app": app, "pilotfish.env": env, "pilotfish.connect": connect } = labels;
  if (!isOwnedBy(owner, labels) || app === undefined || env === undefined) return undefined;
  return { app, env, connect: connect !== undefined };
}

/** The Engine's filter for what is ours, or for one task of ours. */
export function ownedFilter(owner: string, more: Record<string, string[]> = {}, task?: string): string {
  const labels = [`${ownerLabel}=${owner}`, ...(task === undefined ? [] : [`pilotfish.task=${task}`])];
  return JSON.stringify({ ...more, label: labels });
}

export function environmentLabels(owner: string, { app, env }: { app: string; env: string }): Record<string, string> {
  return { ...ownedBy(owner), "pilotfish.app": app, "pilotfish.env": env };
}

export function volumeLabels(owner: string, task: TaskToRun): Record<string, string> {
  return { ...environmentLabels(owner, task.plan), "pilotfish.task": task.id };
}

export function labelsOf(owner: string, task: TaskToRun, container?: string, attempt?: number): Record<string, string> {
  return {
    ...environmentLabels(owner, task.plan),
    "pilotfish.name": task.plan.name,
    "pilotfish.service": task.serviceId,
    "pilotfish.revision": String(task.revision),
    "pilotfish.task": task.id,
    ...(hasConnect(task) ? { "pilotfish.connect": "yes" } : {}),
    ...(container === undefined ? {} : { "pilotfish.container": container, "pilotfish.attempt": String(attempt) }),
  };
}

/** Reads labels back; undefined for what is not a container of this owner's tasks. */
export function identityOf(owner: string, labels: Record<string, string>): ContainerIdentity | undefined {
  const task = labels["pilotfish.task"];
  if (!isOwnedBy(owner, labels) || task === undefined) return undefined;
  const container = labels["pilotfish.container"];
  const attempt = container === undefined ? 0 : Number(labels["pilotfish.attempt"]);
  return { task, serviceId: labels["pilotfish.service"] ?? "", container, attempt };
}

/** The name follows from what the container is, so a second create of the same one is refused and can be adopted. */
export function containerName(owner: string, task: string, container?: string, attempt?: number): string {
  const own = container === undefined ? "pause" : `${container}-${attempt}`;
  return `${containerNamePrefix(owner, task)}${own}`;
}

export function volumeName(owner: string, task: string, volume: string): string {
  return `${containerNamePrefix(owner, task)}volume-${volume}`;
}

/** What a network holds: names for all tasks, or aliases for those with Service Connect. */
export type NetworkKind = "names" | "aliases";

/** Sorts after `bridge`: the Engine publishes ports on the network whose name comes first. A name is looked for in the
 *  networks of a container one after the other, so that of aliases sorts before the others. */
export function networkName(owner: string, { app, env }: { app: string; env: string }, kind: NetworkKind): string {
  const own = `pf-${owner.slice(0, 8)}-`;
  return kind === "aliases" ? `${own}-${app}-${env}` : `${own}${app}-${env}`;
}

/** What the names of a task's containers begin with. */
export function containerNamePrefix(owner: string, task: string): string {
  return `pf-${owner.slice(0, 8)}-${task.slice(0, 12)}-`;
}
