import type { Place } from "../errors.ts";
import type { Later } from "../plan/later.ts";
import type { ResolvedWorkloadPlan, WorkloadPlan } from "../plan/workload-plan.ts";
import type { LocalTaskGroups, TaskGroups } from "./task-groups.ts";

/** The contract that every back end keeps: what of it is seen, and what is done to what runs. Capabilities in our words; a long
 *  operation takes an AbortSignal, yields events and returns a result; nothing here prints. How one deploys differs: to the
 *  simulator from a plan ({@link LocalProvider}), to AWS by stacks (`Account`); what is told of it does not. */
export interface Provider {
  readonly kind: "local" | "aws";
  /** Who and where, for the first line of every command that changes something. On AWS an environment may be in another account
   *  and region than the credentials, which are told without one, and where there is none of that name. */
  target(environment?: EnvironmentRef): Promise<ProviderTarget>;
  /** Ends a running deployment by rolling back to the last completed one (or to nothing), and follows that.
   *  @throws UserError service/not-found */
  rollBackDeployment(
    workload: WorkloadRef,
    deploymentId: string,
    signal: AbortSignal,
  ): AsyncGenerator<DeployEvent, DeployResult, void>;
  /** @throws UserError service/not-found */
  describeWorkload(workload: WorkloadRef): Promise<WorkloadStatus>;
  /** What is deployed in an environment, or in all that this back end has of the application; an environment nobody
   *  deployed to has nothing. */
  listWorkloads(where: { app: string; env?: string }): Promise<WorkloadStatus[]>;
  /** What was deployed last. @throws UserError service/not-found */
  deployedWorkload(workload: WorkloadRef): Promise<DeployedWorkload>;
  /** The environments of an application, or of all applications that are known; on this machine `local` is always one of a
   *  given application. Starts nothing. */
  listEnvironments(app?: string): Promise<Environment[]>;
  /** Log lines, oldest first; with `follow` until the signal aborts. @throws UserError service/not-found */
  logs(request: LogsRequest, signal: AbortSignal): AsyncGenerator<LogLine, void, void>;
  /** Runs a command in a container of a running task, as ECS Exec does; the signal ends the session.
   *  @throws UserError service/not-found, exec/*, engine/unreachable */
  exec(request: ExecRequest, signal: AbortSignal): Promise<ExecSession>;
  /** Tasks that run once. */
  readonly tasks: TaskGroups;
}

/** What the simulator does beside: it is deployed to from a plan, makes and removes environments at once,
 *  and keeps values for tasks. */
export interface LocalProvider extends Provider {
  readonly kind: "local";
  readonly tasks: LocalTaskGroups;
  /** Deploys a planned workload and follows it until its own deployment has completed or failed, or until the signal
   *  aborts (the deployment itself then goes on). @throws UserError deploy/refused, service/deleting, simulator/*, engine/* */
  deployWorkload(request: DeployRequest, signal: AbortSignal): AsyncGenerator<DeployEvent, DeployResult, void>;
  /** Deploys again what a former deployment of a workload ran, without building anything, and follows that as
   *  `deployWorkload` does. @throws UserError service/not-found, history/not-found, image/gone */
  repeatDeployment(request: DeploymentToRepeat, signal: AbortSignal): AsyncGenerator<DeployEvent, DeployResult, void>;
  /** What a plan asks for and this back end does not do. Pure. */
  leavesOut(plan: WorkloadPlan<Later>): LeftOut[];
  /** Looks for what a deploy of this plan would be refused for, before anything is built. Asks, and changes nothing.
   *  @throws UserError deploy/refused with all that is missing */
  checkDeploy(plan: WorkloadPlan<Later>): Promise<void>;
  /** Keeps a value of the account. One that is there is left alone without `overwrite`. No error holds the value.
   *  @throws UserError value/invalid, value/unreadable, simulator/disk-full */
  putValue(value: ValueToPut): Promise<PutResult>;
  /** What there is of them, without the values, by kind and name. */
  listValues(): Promise<ValueDescription[]>;
  /** False when there was none. */
  deleteValue(value: ValueRef): Promise<boolean>;
  /** Forgets all values, also when they cannot be read any more. */
  deleteValues(): Promise<void>;
  /** Creates an environment, or changes whose overlay it takes. @throws UserError simulator/* */
  createEnvironment(environment: NewEnvironment): Promise<"created" | "updated" | "unchanged">;
  /** @throws UserError environment/in-use naming the workloads that are deployed there, environment/not-found */
  deleteEnvironment(environment: EnvironmentRef): Promise<void>;
  /** Removes the service with its tasks; its logs go too. @throws UserError service/not-found */
  deleteWorkload(workload: WorkloadRef, signal: AbortSignal): AsyncGenerator<DeployEvent, void, void>;
}

/** Something that is left out, and what happens instead. */
export interface LeftOut {
  /** `left-out/scaling` */
  code: string;
  message: string;
  /** Where the manifest asks for it. */
  path: readonly (string | number)[];
}

export interface Environment {
  app: string;
  name: string;
  provider: "local" | "aws";
  /** Whose overlay of the manifests it takes instead of its own. */
  like?: string;
  /** Where it is; of AWS's alone. */
  account?: string;
  region?: string;
}

export interface NewEnvironment {
  app: string;
  name: string;
  /** Nothing: as it is, its own at first. Its own name: its own again. */
  like?: string;
}

/** A secret of Secrets Manager, a parameter of Systems Manager, an export of a CloudFormation stack. */
export type ValueKind = "secret" | "parameter" | "export";

export interface ValueRef {
  kind: ValueKind;
  name: string;
}

export interface ValueToPut extends ValueRef {
  value: string;
  overwrite: boolean;
}

/** `exists`: nothing was changed. */
export type PutResult = "created" | "updated" | "exists";

export interface ValueDescription extends ValueRef {
  /** Newest first. `stages` are those of Secrets Manager: AWSCURRENT, AWSPREVIOUS. */
  versions: { id: string; stages: string[]; createdAt: string }[];
}

export interface EnvironmentRef {
  app: string;
  env: string;
}

export interface WorkloadRef extends EnvironmentRef {
  name: string;
}

export interface ProviderTarget {
  provider: "local" | "aws";
  /** `simulator on this machine`, or account and region. */
  label: string;
  /** `docker (Engine 20.10.24)` or `simulated (no Docker Engine answers)`; local only. */
  runtime?: string;
  /** How much faster than AWS the simulated waits run; local only. */
  speed?: number;
}

export interface DeployRequest {
  plan: WorkloadPlan<Later>;
  /** Container → reference of its image: what was built, or the manifest's location. */
  images: Record<string, ImageReference>;
  /** Container → contents of its environment file, for each of `plan.envFiles`. */
  envFiles?: Record<string, string>;
  /** Start a deployment although nothing has changed. */
  force: boolean;
  /** Let the breaker fail the deployment without going back to the last completed one. */
  noRollback: boolean;
  /** Give up (and roll back) at the first stopped task of this deployment. */
  failFast: boolean;
  /** Return as soon as the deployment has been accepted. */
  detach: boolean;
  /** Give up waiting after this many milliseconds of real time; the deployment goes on. */
  timeoutMs?: number;
}

export interface DeploymentToRepeat
  extends WorkloadRef, Pick<DeployRequest, "noRollback" | "failFast" | "detach" | "timeoutMs"> {
  deploymentId: string;
}

/** `name` is what people write (`api:latest`); `id` pins it (`sha256:…`) and is absent until somebody has looked it up. */
export interface ImageReference {
  name: string;
  id?: string;
}

export type DeployEvent =
  /** Something worth a line: the speed, a manifest field that the back end leaves out, an address that changed. */
  | { type: "notice"; code: string; message: string; place?: Place }
  | { type: "accepted"; at: string; deploymentId: string; revision: number; taskDefinition: string }
  /** The state of the service changed. Sent at once on every change, with a full picture. */
  | { type: "progress"; at: string; status: WorkloadStatus; waitingFor: string }
  /** One of ECS's own service events. */
  | { type: "service-event"; at: string; message: string }
  | { type: "task-started"; at: string; task: string; containers: { name: string; runtimeId: string }[] }
  /** A task of the deployment being followed has stopped; of other deployments only when it failed. */
  | { type: "task-stopped"; at: string; task: StoppedTask };

export interface StoppedTask {
  id: string;
  deploymentId: string;
  stopCode: string;
  reason: string;
  containers: { name: string; exitCode?: number; reason?: string }[];
  /** The container whose end explains the stop. */
  failedContainer?: string;
  /** Its last 20 lines, oldest first. */
  lastLogs: string[];
  /** What to look at or to type. */
  hint?: string;
}

export interface DeployResult {
  /** `unchanged`: nothing to do. `detached`: accepted, not followed. `interrupted`: the signal aborted, it goes on.
   *  `timeout`: still going on. `failed`: our deployment failed or was superseded, whatever serves now. */
  outcome: "completed" | "unchanged" | "failed" | "superseded" | "detached" | "interrupted" | "timeout";
  deploymentId?: string;
  /** Why it failed, or what goes on although it was not followed to its end; in one sentence. */
  reason?: string;
  hint?: string;
  /** Whether a roll-back brought the former version back; absent when none was tried. */
  rolledBackTo?: { deploymentId: string; revision: number };
  /** The service as it is now. */
  status: WorkloadStatus;
  /** The first task that failed. */
  firstFailure?: StoppedTask;
  /** It went past CloudFormation: the stack, which still has its own revision. */
  hotswap?: { stack: string; stackRevision: number };
  /** Milliseconds from acceptance to the end. */
  durationMs: number;
}

export interface WorkloadStatus {
  app: string;
  env: string;
  name: string;
  status: "ACTIVE" | "DRAINING" | "INACTIVE";
  /** What AWS calls the state of a service of App Runner: `RUNNING`, `PAUSED`. Absent for all else. */
  state?: string;
  desiredCount: number;
  runningCount: number;
  pendingCount: number;
  deployments: DeploymentStatus[];
  tasks: TaskStatus[];
  /** Tasks that stopped within the last hour of the back end's time, newest first. */
  stoppedTasks: TaskStatus[];
  /** Newest first. */
  events: { at: string; message: string }[];
  /** Where it answers, best first; empty for a service without a load balancer. */
  urls: string[];
  /** Why something that was asked for cannot be reached from here; absent when everything can. */
  notes?: string[];
  /** On AWS, where it runs another revision than its stack has. */
  drift?: Drift;
}

/** A service that runs another revision of its task definition than its stack has made, as after a hotswap. */
export interface Drift {
  /** The one that it runs. */
  revision: number;
  stackRevision: number;
}

/** A workload as it was deployed last. Secrets stand in it by their names. */
export interface DeployedWorkload extends WorkloadRef {
  type: string;
  taskDefinition: ResolvedWorkloadPlan["taskDefinition"];
  desiredCount: number;
  /** Where others of its environment find it: `api.test.shop.local`; the port is absent when it does not listen. */
  discovery?: { host: string; port?: number };
  /** Its names and ports of Service Connect. */
  serviceConnect: { host: string; port: number }[];
  /** Where it answers, best first. */
  urls: string[];
  /** The manifest as it lay in the workspace, before its variables were filled in; absent when nobody kept it. */
  manifest?: string;
  /** What there is of it, by CloudFormation's types. */
  resources: { type: string; physicalId: string }[];
  /** On AWS, where it runs another revision than its stack has. */
  drift?: Drift;
}

export interface DeploymentStatus {
  id: string;
  status: "PRIMARY" | "ACTIVE" | "INACTIVE";
  rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  rolloutStateReason: string;
  revision: number;
  desiredCount: number;
  runningCount: number;
  pendingCount: number;
  /** Running tasks that count as healthy. */
  healthyCount: number;
  failedTasks: number;
  createdAt: string;
  updatedAt: string;
  images: { container: string; name: string; id?: string }[];
}

export interface TaskStatus {
  id: string;
  deploymentId: string;
  revision: number;
  lastStatus: string;
  desiredStatus: "RUNNING" | "STOPPED";
  health: "HEALTHY" | "UNHEALTHY" | "UNKNOWN";
  createdAt: string;
  startedAt?: string;
  stoppedAt?: string;
  stopCode?: string;
  stoppedReason?: string;
  containers: {
    name: string;
    lastStatus: string;
    exitCode?: number;
    reason?: string;
    runtimeId?: string;
    image: string;
    /** Whether the task ends with it. */
    essential?: boolean;
    /** Of its check in the task definition; absent when it has none. */
    health?: "HEALTHY" | "UNHEALTHY" | "UNKNOWN";
    /** How often it has been started again within the task. */
    restarts?: number;
  }[];
  targets: { targetGroup: string; address: string; state: string; reason?: string; description?: string }[];
}

export interface LogsRequest extends WorkloadRef {
  follow: boolean;
  /** Milliseconds since the epoch. */
  since?: number;
  until?: number;
  /** At most this many of the newest lines. */
  limit?: number;
  /** Task ids or their beginnings. */
  tasks?: string[];
  container?: string;
  /** Only lines that hold these terms, as CloudWatch's filter patterns for plain text have them: all of them, `"two words"`
   *  as one, none with `-` before it, any of those with `?`. Letters count as they are written. */
  filter?: string;
  /** The last stopped task instead of the running ones. */
  previous?: boolean;
  /** Of a job: only lines of its last so many executions. */
  executions?: number;
  /** Of a job: with what its state machine tells of its executions. */
  stateMachine?: boolean;
  /** A log group of CloudWatch instead of the workload's own; on AWS alone. */
  logGroup?: string;
}

export interface LogLine {
  at: string;
  task: string;
  container: string;
  stream: "stdout" | "stderr";
  message: string;
}

export interface ExecRequest extends WorkloadRef {
  /** The beginning of a running task's id; absent: any one. */
  task?: string;
  /** Absent: the one that is named as the service. */
  container?: string;
  /** Program and arguments; no shell looks at them. */
  command: string[];
  /** Size of the terminal that the command runs on; absent: it has pipes. */
  terminal?: { columns: number; rows: number };
}

/** A command that runs in a container. */
export interface ExecSession {
  task: string;
  container: string;
  /** The program that carries the session has the terminal itself, its keys and its size: there is nothing to write, and
   *  `output` says only how it ended. */
  ownsTerminal?: true;
  /** What it prints, then its exit code; undefined when the signal has ended the session. What is not read is waited for.
   *  @throws UserError exec/broken-off, engine/unreachable, simulator/* */
  output: AsyncGenerator<ExecOutput, number | undefined, void>;
  /** Resolves when the command can be given more: false when it takes nothing any more. */
  write(input: Uint8Array): Promise<boolean>;
  /** The end of its standard input. */
  endInput(): Promise<void>;
  /** Does nothing without a terminal. */
  resize(columns: number, rows: number): Promise<void>;
}

/** On a terminal all of it is `stdout`. */
export interface ExecOutput {
  stream: "stdout" | "stderr";
  bytes: Uint8Array;
}
