import type { ResolvedWorkloadPlan } from "../../plan/workload-plan.ts";
import type { ContainerError } from "../engine/inputs.ts";

/** What runs a task. Kept by the Docker runtime and the simulated one; one contract suite runs against both.
 *  Every operation is idempotent: after a crash the daemon asks again for what it did not see finished. */
export interface Runtime {
  readonly kind: "docker" | "simulated";
  /** `docker (Engine 20.10.24)`, or `simulated (why)`. */
  readonly description: string;
  /** Resolves images (pulling what is not here), creates the pause container with all ports of the task published on
   *  127.0.0.1. @throws RuntimeError CannotPullContainerError, ContainerNetworkingError, CannotCreateContainerError */
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
  /** All containers that carry our owner label, for recovery. */
  list(): Promise<RuntimeContainer[]>;
  /** After a restart of the daemon: reads on the logs of what is there of these tasks, and reports what has ended
   *  meanwhile as if it had just happened. */
  adopt(tasks: Pick<TaskToRun, "id">[]): Promise<void>;
  /** Where the programs of a task really listen, seen from inside its network namespace; undefined when unknowable. */
  listeners(task: string): Promise<Listener[] | undefined>;
  /** Looks an image up on this machine. Undefined when it is not here. */
  imageId(reference: string): Promise<string | undefined>;
  /** Removes whatever carries our owner label: containers, networks, volumes, images. */
  removeAll(): Promise<void>;
  /** Ends watching; tasks go on running where they are no part of this process. */
  close(): Promise<void>;
}

export interface TaskToRun {
  id: string;
  serviceId: string;
  revision: number;
  plan: ResolvedWorkloadPlan;
  /** Container → pinned image; what is missing here is resolved from the task definition's reference. */
  images: Record<string, string>;
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
