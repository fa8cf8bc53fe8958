import type { ResolvedWorkloadPlan } from "../../plan/workload-plan.ts";

/** A task that has ended or is ending, as far as its end is explained. Both back ends know tasks with these members. */
export interface EndedTask {
  id: string;
  deploymentId: string;
  stopCode?: string;
  stoppedReason?: string;
  containers: EndedContainer[];
  targets: { targetGroup: string; containerPort?: number; description?: string }[];
}

export interface EndedContainer {
  name: string;
  essential: boolean;
  exitCode?: number;
  reason?: string;
  /** Milliseconds since the epoch; absent while it has never been RUNNING. */
  startedAt?: number;
  finishedAt?: number;
  /** What its health check says; absent when the task definition gives it none. */
  health?: string;
}

/** What the task was started from. */
export interface DeployedVersion extends Pick<ResolvedWorkloadPlan, "name" | "env" | "taskDefinition"> {
  /** The target group of a target ends with `/` and the key. */
  targetGroups: {
    key: string;
    containerPort: number;
    request: { HealthCheckPath?: string; HealthCheckTimeoutSeconds?: number; Matcher?: { HttpCode?: string } };
  }[];
}

/** How a command of ours names the workload: the simulator's environments may have namesakes on AWS. */
export function flagsOf({ name, env }: Pick<DeployedVersion, "name" | "env">, on: "local" | "aws"): string {
  return `-n ${name} -e ${env}${on === "aws" || env === "local" ? "" : " --local"}`;
}
