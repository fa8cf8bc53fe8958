import type { ContainerHealth, DeploymentSpec } from "./state.ts";

/** What can happen to the simulator: requests, time, and what runtime and edge report. Reports may come late, twice,
 *  or for something that is gone; the engine then ignores them. */
export type Input =
  | { type: "tick" }
  | { type: "set-speed"; speed: number }
  /** Create or update a service; starts a deployment when `force` or when something changed that needs one. */
  | { type: "update-service"; serviceId: string; spec: DeploymentSpec; force: boolean; taskGroup?: true }
  /** Start so many tasks of a task group, with the newest of its task definitions. */
  | { type: "run-tasks"; serviceId: string; count: number }
  /** The user gives up a deployment: back to the last completed one, or down to nothing. */
  | { type: "stop-deployment"; serviceId: string; deploymentId: string; reason: string }
  | { type: "delete-service"; serviceId: string }
  | { type: "stop-task"; task: string; reason?: string }
  /** Answers to effects. */
  | { type: "task-prepared"; task: string; ports: Record<number, number>; images: Record<string, string> }
  | { type: "task-prepare-failed"; task: string; container?: string; error: ContainerError }
  | { type: "container-started"; task: string; container: string; attempt: number; runtimeId: string; at: number }
  | { type: "container-failed"; task: string; container: string; attempt: number; error: ContainerError }
  /** A container that was told to stop has ended or does not exist; its exit may be reported before or after. */
  | { type: "container-stopped"; task: string; container: string; attempt: number; at: number }
  | { type: "task-removed"; task: string }
  /** Observations. */
  | {
      type: "container-exited";
      task: string;
      container: string;
      attempt: number;
      exitCode: number;
      outOfMemory: boolean;
      at: number;
    }
  /** What a container's check of the task definition says now. The runtime makes the checks, in the container and with the
   *  definition's own times; UNKNOWN while they have said nothing yet. */
  | { type: "container-health"; task: string; container: string; attempt: number; health: ContainerHealth }
  /** The task's network namespace is gone: its pause container died. */
  | { type: "task-lost"; task: string }
  | { type: "target-checked"; task: string; targetGroup: string; result: TargetCheck }
  /** No request to any target of this draining task is open any more. */
  | { type: "task-idle"; task: string };

/** ECS's error name (`CannotPullContainerError`, `CannotStartContainerError` …) and the text after the colon. */
export interface ContainerError {
  name: string;
  message: string;
}

/** `counts` is false for the quick extra probes of a target that has not answered yet: only their success matters. */
export type TargetCheck =
  | { ok: true }
  | {
      ok: false;
      counts: boolean;
      reason: "Target.ResponseCodeMismatch" | "Target.Timeout" | "Target.FailedHealthChecks";
      description: string;
    };
