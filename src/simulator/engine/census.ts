import type { Draft } from "./draft.ts";
import { isHealthy, isUnhealthy } from "./health.ts";
import type { Deployment, Service, Task } from "./state.ts";

/** Whether a task that drains or stops still takes one of the places that maximumPercent allows. AWS's sources conflict;
 *  see BEHAVIOUR.md. */
const STOPPING_COUNTS = true;

/** The tasks of one deployment that are meant to run, oldest first. */
export interface Head {
  deployment: Deployment;
  healthy: Task[];
  /** RUNNING, and to be replaced. */
  unhealthy: Task[];
  /** Neither: on the way to RUNNING, or RUNNING without having proved anything. */
  pending: Task[];
}

export interface Census {
  primary: Head;
  /** The ACTIVE ones, newest first. */
  old: Head[];
  /** What counts against the upper bound. */
  started: number;
  /** On their way to STOPPED. */
  stopping: number;
  healthy: number;
}

export function takeCensus(draft: Draft, service: Service): Census | undefined {
  const heads = service.deployments
    .filter(({ status }) => status !== "INACTIVE")
    .map((deployment): Head => ({ deployment, healthy: [], unhealthy: [], pending: [] }));
  const [primary, ...old] = heads;
  if (primary === undefined) return undefined;
  const census: Census = { primary, old, started: 0, stopping: 0, healthy: 0 };
  for (const task of draft.tasksOf(service.id)) {
    if (task.lastStatus === "STOPPED") continue;
    if (task.desiredStatus === "STOPPED") {
      census.stopping += 1;
      if (STOPPING_COUNTS) census.started += 1;
      continue;
    }
    census.started += 1;
    const head = heads.find(({ deployment }) => deployment.id === task.deploymentId);
    if (isHealthy(task)) {
      census.healthy += 1;
      head?.healthy.push(task);
    } else if (isUnhealthy(task)) head?.unhealthy.push(task);
    else head?.pending.push(task);
  }
  return census;
}

export function live({ healthy, unhealthy, pending }: Head): number {
  return healthy.length + unhealthy.length + pending.length;
}
