import { isHealthy } from "./health.ts";
import type { Deployment, SimulatorState, Task } from "./state.ts";

/** Pure questions about the state, for those who show it. */

/** Oldest first. */
export function tasksOf(state: SimulatorState, serviceId: string): Task[] {
  return Object.values(state.tasks).filter((task) => task.serviceId === serviceId);
}

export interface Counts {
  running: number;
  pending: number;
  healthy: number;
}

/** As DescribeServices counts: running are RUNNING, pending are on their way there; what is to stop is neither. */
export function countTasks(tasks: readonly Task[]): Counts {
  const meant = tasks.filter(({ desiredStatus }) => desiredStatus === "RUNNING");
  const running = meant.filter(({ lastStatus }) => lastStatus === "RUNNING").length;
  return { running, pending: meant.length - running, healthy: meant.filter(isHealthy).length };
}

export interface DeploymentDescription extends Counts {
  id: string;
  status: Deployment["status"];
  revision: number;
  desired: number;
  failedTasks: number;
  rolloutState: Deployment["rolloutState"];
  rolloutStateReason: string;
  outcome: DeploymentOutcome;
}

export function describeDeployment(
  state: SimulatorState,
  serviceId: string,
  deployment: Deployment,
): DeploymentDescription {
  const { id, status, revision, desiredCount, failedTasks, rolloutState, rolloutStateReason } = deployment;
  const counts = countTasks(tasksOf(state, serviceId).filter((task) => task.deploymentId === id));
  return {
    id,
    status,
    revision,
    desired: desiredCount,
    ...counts,
    failedTasks,
    rolloutState,
    rolloutStateReason,
    outcome: deploymentOutcome(deployment),
  };
}

export type DeploymentOutcome = "in-progress" | "completed" | "failed" | "superseded";

/** What became of a deployment. One that is no longer PRIMARY and has neither completed nor failed was superseded. */
export function deploymentOutcome({ status, rolloutState }: Deployment): DeploymentOutcome {
  if (rolloutState === "FAILED") return "failed";
  if (rolloutState === "COMPLETED") return "completed";
  return status === "PRIMARY" ? "in-progress" : "superseded";
}
