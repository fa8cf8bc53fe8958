import type { TaskGroupPlan } from "../plan/task-group-plan.ts";
import type {
  DeployEvent,
  EnvironmentRef,
  ExecRequest,
  ExecSession,
  ImageReference,
  LogLine,
  StoppedTask,
} from "./provider.ts";

/** One-off tasks, which run until their programs end. Those that are run under one name are a group: they have its task
 *  definition, repository and logs. What a group is to run is said apart: to AWS by its stack, to the simulator by
 *  `define`. */
export interface TaskGroups {
  /** Looks whether tasks can be run in a place at all. Changes nothing.
   *  @throws UserError environment/not-found, environment/not-deployed, task/no-network */
  check(place: TaskPlace): Promise<void>;
  /** Starts tasks of a group as it is defined now, and follows them until all run or, with `follow`, until all have ended.
   *  When the signal aborts, they go on. @throws UserError task/not-found, task/not-placed */
  start(request: TasksToStart, signal: AbortSignal): AsyncGenerator<TaskEvent, TasksOutcome, void>;
  /** Stops the tasks of a group that run in a place, and waits until they have ended. Answers their ids. */
  stop(group: TaskGroupRef, signal: AbortSignal): Promise<string[]>;
  /** The names of the groups that a place has, in their order. */
  list(place: TaskPlace): Promise<string[]>;
  /** Runs a command in the container of a running task. @throws UserError exec/*, task/not-found */
  exec(request: TaskExecRequest, signal: AbortSignal): Promise<ExecSession>;
}

/** What the simulator does beside: it is told what a group runs, and removes all of it at once. */
export interface LocalTaskGroups extends TaskGroups {
  /** Makes a group, or brings it to another definition. Starts nothing.
   *  @throws UserError environment/not-found, simulator/*, engine/unreachable */
  define(definition: TaskGroupDefinition): Promise<void>;
  /** Stops the tasks of a group, and forgets it with its logs. @throws UserError service/not-found */
  delete(group: TaskGroupRef, signal: AbortSignal): Promise<void>;
}

export interface TaskGroupDefinition {
  plan: TaskGroupPlan;
  place: TaskPlace;
  image: ImageReference;
  /** Contents of the plan's environment file. */
  envFile?: string;
}

/** Where tasks run: in an environment, or beside all of them. */
export type TaskPlace = TaskEnvironment | TaskNetwork;

export interface TaskEnvironment extends EnvironmentRef {
  /** Beside the environment's own. */
  securityGroups?: readonly string[];
}

/** In an account of AWS alone. Its default cluster and the default subnets of its default VPC stand in for what is absent. */
export interface TaskNetwork {
  app?: undefined;
  env?: undefined;
  /** Name or ARN. */
  cluster?: string;
  subnets?: readonly string[];
  securityGroups?: readonly string[];
}

export interface TaskGroupRef {
  group: string;
  place: TaskPlace;
}

export interface TasksToStart extends TaskGroupRef {
  /** 1 to 10: more are not started at once. */
  count: number;
  follow: boolean;
}

export interface TaskExecRequest extends TaskGroupRef, Pick<ExecRequest, "task" | "command" | "terminal"> {}

export type TaskEvent =
  | Extract<DeployEvent, { type: "notice" }>
  | { type: "tasks-started"; at: string; group: string; tasks: string[]; cluster: string }
  /** The state of a task has changed. */
  | { type: "task-changed"; at: string; task: OneOffTask }
  /** A task has ended otherwise than with exit code 0; when the signal has not aborted before. */
  | { type: "task-stopped"; at: string; task: StoppedTask }
  /** Of a task that is followed. */
  | ({ type: "log" } & LogLine);

export interface OneOffTask {
  id: string;
  /** `PROVISIONING` … `RUNNING` … `STOPPED` */
  lastStatus: string;
  startedAt?: string;
  stoppedAt?: string;
  stopCode?: string;
  stoppedReason?: string;
  /** Of its container, once that has ended. */
  exitCode?: number;
  /** By which it is reached from everywhere, where it has one. */
  publicIp?: string;
}

/** `running`: all have been RUNNING, and none has failed so far. `completed`: all have ended with exit code 0. `failed`: one
 *  could not be started, or has ended otherwise. `interrupted`: the signal aborted, they go on. */
export interface TasksOutcome {
  outcome: "running" | "completed" | "failed" | "interrupted";
  /** Of the first container that ended otherwise than with 0; absent when none has a code. */
  exitCode?: number;
  tasks: OneOffTask[];
}
