import type { Duplex, Readable } from "node:stream";
import type { ResolvedWorkloadPlan } from "../../plan/workload-plan.ts";
import type { ContainerError } from "../engine/inputs.ts";
import type { ContainerHealth } from "../engine/state.ts";

/** What runs a task. Kept by the Docker runtime and the simulated one; one contract suite runs against both.
 *  Every operation is idempotent: after a crash the daemon asks again for what it did not see finished. */
export interface Runtime {
  readonly kind: "docker" | "simulated";
  /** `docker (Engine 20.10.24)`, or `simulated (why)`. */
  readonly description: string;
  /** Resolves images (pulling what is not here), creates the task's volumes and the pause container with all ports of the
   *  task published on 127.0.0.1. From here on the task can look up the names of its environment; it has none itself.
   *  @throws RuntimeError CannotPullContainerError, ContainerNetworkingError, CannotCreateContainerError,
   *  CannotCreateVolumeError, ResourceInitializationError (a value that was not given), ClientException (what Fargate
   *  refuses) */
  prepareTask(task: TaskToRun): Promise<PreparedTask>;
  /** @throws RuntimeError CannotCreateContainerError, CannotStartContainerError */
  startContainer(
    task: TaskToRun,
    container: string,
    attempt: number,
  ): Promise<{ runtimeId: string; startedAt: number }>;
  /** Sends the stop signal, SIGKILL after `timeoutSeconds`; returns when the container has ended or does not exist. */
  stopContainer(task: string, container: string, attempt: number, timeoutSeconds: number): Promise<void>;
  /** Keeps the rest of the logs, then removes all that belongs to the task. */
  removeTask(task: string): Promise<void>;
  /** Gives a running task exactly these names, one of several tasks leading to all of them. Its programs stand still for a
   *  moment and notice nothing; connections go on. Does nothing when the task is gone. */
  attachDiscovery(task: string, names: DiscoveryNames): Promise<void>;
  /** Takes the names of a task away. Its connections go on, and it still looks up the names of others. */
  detachDiscovery(task: string): Promise<void>;
  /** Runs a command in the running container of that name, as root.
   *  @throws RuntimeError TargetNotConnectedException when there is none */
  exec(task: string, container: string, command: string[], terminal?: Terminal): Promise<ExecSession>;
  /** All containers that carry our owner label, for recovery. */
  list(): Promise<RuntimeContainer[]>;
  /** After a restart of the daemon: reads on the logs of what is there of these tasks, and reports what has ended
   *  meanwhile as if it had just happened. */
  adopt(tasks: Pick<TaskToRun, "id">[]): Promise<void>;
  /** Where the programs of a task really listen, seen from inside its network namespace; undefined when unknowable. */
  listeners(task: string): Promise<Listener[] | undefined>;
  /** Looks an image up on this machine. Undefined when it is not here. */
  imageId(reference: string): Promise<string | undefined>;
  /** Marks these images as needed by this owner, so that nobody who prunes unused images takes them, as far as our builder
   *  made them. */
  keepImages(ids: string[]): Promise<void>;
  /** Removes the images that have been kept for this owner and are none of these, and nameless builds for these
   *  repositories (`app/service`); never what somebody else has named or a container uses. */
  pruneImages(needed: string[], repositories: string[]): Promise<void>;
  /** Removes whatever carries our owner label: containers, networks, volumes, images. */
  removeAll(): Promise<void>;
  /** Ends watching; tasks go on running where they are no part of this process. */
  close(): Promise<void>;
}

export interface DiscoveryNames {
  /** Resolve in every task of the environment. */
  names: string[];
  /** Service Connect's aliases: resolve in those tasks of the environment whose service has Service Connect, where they
   *  win over names. */
  aliases: string[];
}

export interface TaskToRun {
  id: string;
  serviceId: string;
  revision: number;
  plan: ResolvedWorkloadPlan;
  /** Container → pinned image; what is missing here is resolved from the task definition's reference. */
  images: Record<string, string>;
  /** What the plan names only: resolved anew for each task, wanted by `prepareTask` and `startContainer`. */
  values?: TaskValues;
  /** EFS access point ID → what is known of it. */
  accessPoints?: Record<string, AccessPoint>;
  /** It runs once, of no service. */
  isOneOff?: boolean;
}

/** Values that stand in no plan. They go into containers' environments and nowhere else. */
export interface TaskValues {
  /** Container → variable → value, for each entry of `secrets`. */
  secrets: Record<string, Record<string, string>>;
  /** Container → contents of its environment files, in the order of `environmentFiles`. */
  environmentFiles: Record<string, string[]>;
}

/** As EFS's CreateAccessPoint has them: the root directory, and who owns it when it has to be made. */
export interface AccessPoint {
  path: string;
  uid: number;
  gid: number;
}

export interface Terminal {
  tty: boolean;
  columns?: number;
  rows?: number;
}

/** A command that runs in a container. */
export interface ExecSession {
  /** Written: the command's standard input, its end included. Read: its standard output, with a terminal all of its
   *  output. Destroying it ends the command, where the Engine runs on this machine. */
  stream: Duplex;
  /** Standard error; ends at once with a terminal. It has to be read, too. */
  errors: Readable;
  /** Does nothing without a terminal. */
  resize(columns: number, rows: number): Promise<void>;
  /** Resolves after the output has ended; 126 or 127 for a command that is not there. */
  exitCode: Promise<number>;
}

export interface PreparedTask {
  /** Container port → port on 127.0.0.1. */
  ports: Record<number, number>;
  /** Container → image ID. */
  images: Record<string, string>;
}

export interface RuntimeContainer {
  task: string;
  serviceId: string;
  /** Undefined for the pause container. */
  container: string | undefined;
  attempt: number;
  runtimeId: string;
  state: "created" | "running" | "exited";
  exitCode?: number;
  outOfMemory?: boolean;
  /** Present for a container with a health check. */
  health?: ContainerHealth;
  startedAt?: number;
  finishedAt?: number;
  /** The pause container's: container port → port on 127.0.0.1. */
  ports: Record<number, number>;
}

/** A socket that listens inside a task. `address` is `0.0.0.0`, `127.0.0.1`, `::` … */
export interface Listener {
  address: string;
  port: number;
}

/** What a runtime reports without being asked. */
export interface RuntimeObserver {
  exited(event: {
    task: string;
    container: string;
    attempt: number;
    exitCode: number;
    outOfMemory: boolean;
    at: number;
  }): void;
  /** The health check of a running container has come to another result; after `adopt` and when the Engine is back, what
   *  it is now. */
  health?(event: { task: string; container: string; attempt: number; health: ContainerHealth }): void;
  /** The pause container of this task died. */
  lost(task: string): void;
  /** `at` is in milliseconds with a fraction that tells lines of the same millisecond apart: it is the line's place in the
   *  log, to be kept whole. */
  log(line: {
    serviceId: string;
    task: string;
    container: string;
    stream: "stdout" | "stderr";
    at: number;
    message: string;
  }): void;
  /** The Engine went away or came back; while it is away nothing is reported and operations fail. */
  available(up: boolean, why?: string): void;
}

/** The `at` of the newest line of a container that has been kept; from there its log is read on after a restart. */
export type LogPosition = (serviceId: string, task: string, container: string) => number | undefined;

/** What runs the tasks is away for now. Nothing has been decided about the task: ask again. */
export class RuntimeUnavailableError extends Error {
  override readonly name = "RuntimeUnavailableError";
}

/** A task or container that could not be made, in ECS's words. */
export class RuntimeError extends Error {
  readonly error: ContainerError;
  /** The container it is about, when it is about one. */
  readonly container: string | undefined;

  constructor(name: string, message: string, container?: string) {
    super(`${name}: ${message}`);
    this.error = { name, message };
    this.container = container;
  }
}
