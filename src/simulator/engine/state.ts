import type { ResolvedWorkloadPlan } from "../../plan/workload-plan.ts";

/** Everything the simulator knows. Plain data: it is stored row by row and replayed in tests.
 *  All instants are milliseconds since the epoch on the engine's clock. */
export interface SimulatorState {
  /** AWS's own waits are divided by this. */
  speed: number;
  /** By `app/env/name`. */
  services: Record<string, Service>;
  /** By task id. A task stays for an hour of simulated time after it has stopped. */
  tasks: Record<string, Task>;
}

export interface Service {
  /** `app/env/name`. */
  id: string;
  app: string;
  env: string;
  name: string;
  status: "ACTIVE" | "DRAINING" | "INACTIVE";
  createdAt: number;
  desiredCount: number;
  /** The revision that the next new task definition gets. */
  nextRevision: number;
  /** PRIMARY first, then ACTIVE, newest first. Ended ones (INACTIVE) stay at the end: the last ten, and the last
   *  five that completed. */
  deployments: Deployment[];
  /** Newest first, at most 100. */
  events: ServiceEvent[];
  /** The priorities that listener rules have been given, by the rule's key; kept for the service's life. */
  rulePriorities: Record<string, number>;
  /** A group of one-off tasks: they are started when somebody asks for it, and nothing takes their place. Its id is
   *  `app/env/task:name`. */
  taskGroup?: true;
  /** When "has reached a steady state" was said last; absent while not steady. */
  steadyAt?: number;
  /** The placement of a stuck deployment has been reported; absent once it moves again. */
  stuckAt?: number;
}

export interface ServiceEvent {
  id: string;
  at: number;
  message: string;
}

export interface Deployment {
  /** `ecs-svc/` and 19 digits. */
  id: string;
  status: "PRIMARY" | "ACTIVE" | "INACTIVE";
  revision: number;
  /** What this deployment runs; replacements and roll-backs use exactly this. */
  spec: DeploymentSpec;
  desiredCount: number;
  createdAt: number;
  updatedAt: number;
  /** Set at the first completion; a completed deployment can be rolled back to. */
  completedAt?: number;
  rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  rolloutStateReason: string;
  /** Consecutive failures, as DescribeServices shows them. */
  failedTasks: number;
  breaker: {
    /** 1 until the first task is RUNNING, then 2. */
    stage: 1 | 2;
    count: number;
    /** A failed deployment that rolls back names where to. */
    rollBackTo?: string;
  };
  /** Back-off for tasks that never reach RUNNING. */
  throttle: { failures: number; notBefore: number };
}

/** What a deployment was asked to run. Comparing two of these (but for `images`) tells whether anything changed. */
export interface DeploymentSpec {
  plan: ResolvedWorkloadPlan;
  /** Container → pinned image ID or digest. Complete before more than one task is started. */
  images: Record<string, string>;
  /** Fail without going back to the last completed deployment. */
  noRollback: boolean;
}

export type TaskLastStatus =
  | "PROVISIONING"
  | "PENDING"
  | "ACTIVATING"
  | "RUNNING"
  | "DEACTIVATING"
  | "STOPPING"
  | "DEPROVISIONING"
  | "STOPPED";

export type TaskStopCode =
  | "TaskFailedToStart"
  | "EssentialContainerExited"
  | "UserInitiated"
  | "ServiceSchedulerInitiated";

export type ContainerHealth = "HEALTHY" | "UNHEALTHY" | "UNKNOWN";

export interface Task {
  /** 32 hex digits. */
  id: string;
  serviceId: string;
  /** The deployment that started it (`startedBy`). */
  deploymentId: string;
  revision: number;
  lastStatus: TaskLastStatus;
  desiredStatus: "RUNNING" | "STOPPED";
  /** Over the essential containers with a check of the task definition; UNKNOWN without one. */
  health: ContainerHealth;
  createdAt: number;
  startedAt?: number;
  stoppingAt?: number;
  stoppedAt?: number;
  stopCode?: TaskStopCode;
  stoppedReason?: string;
  /** Counted as a failure of its deployment already. */
  counted?: boolean;
  /** The runtime has made its network: `task-prepared` has been answered. */
  prepared?: boolean;
  /** When it was healthy for the first time: in all of its target groups, and by the checks of its essential containers;
   *  with neither of them, 40 s after it was RUNNING. */
  healthyAt?: number;
  /** Since when the scheduler regards it as unhealthy (a target is or the task itself is UNHEALTHY, and the grace period
   *  is over); absent otherwise. */
  unhealthyAt?: number;
  /** Whether commands can be run in it: what the service said when the task was started. */
  enableExecuteCommand?: boolean;
  containers: TaskContainer[];
  /** Container port → port on 127.0.0.1; empty until the task's network stands. */
  ports: Record<number, number>;
  targets: Target[];
  /** When draining may end at the earliest (AWS's time, scaled), once desiredStatus is STOPPED and targets were registered. */
  drainUntil?: number;
  /** An open request is waited for until then, in the user's time. */
  drainLimit?: number;
  /** The edge has said that no request is open any more. */
  idle?: boolean;
  /** The runtime has removed everything that belonged to it. */
  removed?: boolean;
}

export interface TaskContainer {
  name: string;
  essential: boolean;
  /** Counts starts of this container within the task, from 1; 0 until it has been told to start. Each is another
   *  container for the runtime. */
  attempt: number;
  /** PENDING again while it is being restarted. */
  lastStatus: "PENDING" | "RUNNING" | "STOPPED";
  /** What its health check says; absent when the task definition gives it none. */
  health?: ContainerHealth;
  /** The runtime's own id, once it exists. */
  runtimeId?: string;
  imageId?: string;
  /** The last start; absent while it has never been RUNNING. */
  startedAt?: number;
  finishedAt?: number;
  exitCode?: number;
  reason?: string;
  /** It has been told to stop. */
  stopAsked?: boolean;
}

export interface Target {
  /** The target group's id: `app/env/name/key`. */
  targetGroup: string;
  containerPort: number;
  state: "initial" | "healthy" | "unhealthy" | "draining" | "unused";
  /** As ELB names it: `Elb.InitialHealthChecking`, `Target.ResponseCodeMismatch`, `Target.Timeout` … */
  reason?: string;
  description?: string;
  registeredAt: number;
  /** Consecutive results. */
  successes: number;
  failures: number;
}
