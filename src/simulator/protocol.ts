/** The simulator's public face: what its daemon can be asked over the control socket. `client.ts` asks. */
import type { ResolvedWorkloadPlan } from "../plan/workload-plan.ts";
import type {
  ExecRequest,
  LogLine,
  LogsRequest,
  PutResult,
  StoppedTask,
  ValueDescription,
  ValueRef,
  ValueToPut,
  WorkloadStatus,
} from "../providers/provider.ts";
import type { SimulatedEnvironment } from "./control/environments-file.ts";

export type { SimulatedEnvironment } from "./control/environments-file.ts";

/** Calls that answer once. */
export interface Calls {
  status: { params: Record<string, never>; result: DaemonStatus };
  /** Before a deploy: a daemon without an Engine looks again, with the settings of who asks, and hands over when one
   *  answers and no simulated task is in the way. */
  "choose-runtime": { params: { settings: EngineSettings }; result: DaemonStatus };
  "set-speed": { params: { speed: number }; result: DaemonStatus };
  /** Opens the listener of an environment's load balancer, or of one that exists already, by its name or ARN; answers its
   *  address, `127.0.0.1:8080`. */
  "open-load-balancer": {
    params: { app: string; env: string; loadBalancer: "public" | "internal"; imported?: string };
    result: { address: string };
  };
  /** Creates or updates a service. `changed` says what that started. */
  "update-service": { params: UpdateService; result: ServiceUpdated };
  /** Starts tasks of a task group; answers their ids. @throws UserError engine/unreachable, simulator/disk-full */
  "run-tasks": { params: { serviceId: string; count: number }; result: { tasks: string[] } };
  /** Stops the tasks of a task group; answers their ids. */
  "stop-tasks": { params: { serviceId: string; reason: string }; result: { tasks: string[] } };
  /** The names of the task groups of an environment. */
  "list-task-groups": { params: { app: string; env: string }; result: string[] };
  /** Deploys again what a former deployment of the service ran, with the images that it ran.
   *  @throws UserError history/not-found, image/gone */
  "repeat-deployment": {
    params: { serviceId: string; deploymentId: string; noRollback: boolean };
    result: ServiceUpdated & { taskDefinition: string };
  };
  "stop-deployment": { params: { serviceId: string; deploymentId: string; reason: string }; result: null };
  "describe-service": { params: { serviceId: string }; result: WorkloadStatus };
  /** What a service was asked to be last. */
  "deployed-service": {
    params: { serviceId: string };
    result: { plan: ResolvedWorkloadPlan; revision: number; desiredCount: number; urls: string[] };
  };
  /** Without task groups. */
  "list-services": { params: { app?: string; env?: string }; result: WorkloadStatus[] };
  "delete-service": { params: { serviceId: string }; result: null };
  /** Standard input of a session: answers when the command can be given more; `open` is false when it takes no more. */
  "exec-input": { params: { session: string; data?: string; end?: true }; result: { open: boolean } };
  "exec-resize": { params: { session: string; columns: number; rows: number }; result: null };
  /** Creates a simulated environment, or changes whose overlay it takes: its own name means its own. */
  "put-environment": { params: SimulatedEnvironment; result: "created" | "updated" | "unchanged" };
  /** Forgets an environment in which nothing is deployed, with the ports of its load balancers and the files of its
   *  managed file system. */
  "delete-environment": { params: { app: string; name: string; fileSystem: string }; result: null };
  /** Keeps a secret, a parameter or an export. One that is there is left alone without `overwrite`. */
  "put-value": { params: ValueToPut; result: PutResult };
  /** Everything but the values. */
  "list-values": { params: Record<string, never>; result: ValueDescription[] };
  /** False when there was none. */
  "delete-value": { params: ValueRef; result: boolean };
  /** All of them, also when they cannot be read any more. */
  "delete-values": { params: Record<string, never>; result: null };
  /** The values of exports; a name that nothing is exported under is missing in the answer. */
  "get-exports": { params: { names: string[] }; result: Record<string, string> };
  /** Ends the daemon. Its tasks are stopped, for at most `graceSeconds` (10) each, and removed; services come back with
   *  the next start. */
  shutdown: { params: { graceSeconds?: number }; result: null };
}

/** Calls that send events until they end or are cancelled. */
export interface Streams {
  /** The service's picture at once and after every change; ends when the service is gone. */
  "follow-service": { params: { serviceId: string; deploymentId?: string }; event: FollowEvent };
  /** Kept lines, then with `follow` new ones until the service is gone. `after` says where to go on: `task/container` →
   *  the cursor of its last line that has been read. With `untilEnded` it ends when the tasks that are named have ended. */
  logs: {
    params: LogsRequest & { after?: Record<string, number>; untilEnded?: boolean };
    event: LogLine & { cursor: number };
  };
  /** Runs a command in a container; ends with it. Cancelling ends the session. Nothing is run again by another daemon. */
  exec: { params: ExecRequest; event: ExecEvent };
}

/** Bytes travel as base64. */
export type ExecEvent =
  | { type: "started"; session: string; task: string; container: string }
  | { type: "output"; stream: "stdout" | "stderr"; data: string }
  | { type: "exit"; code: number };

export interface UpdateService {
  plan: ResolvedWorkloadPlan;
  /** Container → image ID, for those that are known. */
  images: Record<string, string>;
  /** ARN of an object that the plan names → its contents. */
  envFiles?: Record<string, string>;
  force: boolean;
  noRollback: boolean;
  /** The plan is of one-off tasks: nothing is started by this. */
  taskGroup?: true;
}

/** How a task group is called where services are named: no service's name has a colon. */
export function taskGroupName(group: string): string {
  return `task:${group}`;
}

export interface ServiceUpdated {
  serviceId: string;
  deploymentId: string;
  revision: number;
  /** `settings`: what takes effect without a new deployment, such as health checks and routing. */
  changed: "deployment" | "count" | "settings" | "nothing";
  at: number;
}

export type FollowEvent =
  | { type: "status"; at: number; status: WorkloadStatus; waitingFor: string }
  | { type: "service-event"; at: number; id: string; message: string }
  | { type: "task-started"; at: number; task: string; containers: { name: string; runtimeId: string }[] }
  | { type: "task-stopped"; at: number; task: StoppedTask }
  | { type: "notice"; code: string; message: string };

/** The variables of an environment that say where the Docker Engine is. */
export type EngineSettings = Partial<Record<(typeof engineVariables)[number], string>>;

export const engineVariables = ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "PILOTFISH_RUNTIME"] as const;

export interface DaemonStatus {
  pid: number;
  version: string;
  home: string;
  owner: string;
  startedAt: string;
  /** `docker (Engine 20.10.24)` or `simulated (why)`. */
  runtime: string;
  runtimeKind: "docker" | "simulated";
  /** False while the Engine is away. */
  runtimeAvailable: boolean;
  /** The Engine's address, as DOCKER_HOST spells it, with the docker runtime. */
  engineHost?: string;
  speed: number;
  services: { id: string; status: string; desiredCount: number; runningCount: number; urls: string[] }[];
  /** What is wrong right now: a port that is taken, an Engine that is away. */
  problems: string[];
}
