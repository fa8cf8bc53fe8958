import { efsFolders } from "../efs.ts";
import { environmentOf } from "../environment.ts";
import type { TaskToRun } from "../runtime.ts";
import { definitionOf, portsOf } from "../task-definition.ts";
import type { ContainerDefinition } from "../task-definition.ts";
import { labelsOf, volumeName } from "./labels.ts";

const mebibyte = 2 ** 20;
const nanoseconds = 1e9;
/** Where the Engine's own containers are, whatever its default is. */
const defaultCgroup = "/docker";
/** Where the pause container sees file systems. */
export const pauseEfs = "/efs";

/** What a container's request depends on beyond its task. */
export interface Host {
  /** A container can be put below another one's control group: cgroup v1, managed by the Engine itself. */
  taskCgroups: boolean;
  /** Holds a folder for each EFS file system. */
  efsFolder: string | undefined;
}

/** Our own reading of the log must work whatever the Engine's default driver is, and a chatty container fill no disk. */
const logConfig = { Type: "json-file", Config: { "max-size": "10m", "max-file": "2" } };

/** The Engine's create request for the container that holds the task's network, and where the Engine lets it, the memory
 *  of all its containers together. It sees the file systems in which folders may have to be made. */
export function pauseContainer(
  owner: string,
  task: TaskToRun,
  image: string,
  { taskCgroups, efsFolder }: Host,
): object {
  const ports = portsOf(task).map(({ port, protocol }) => `${port}/${protocol}`);
  const owned = efsFolders(task, efsFolder).filter((folder) => folder.owner !== undefined);
  const roots = new Map(owned.map((folder) => [folder.fileSystem, folder.root]));
  const mounts = [...roots].map(([id, root]) => ({ Type: "bind", Source: root, Target: `${pauseEfs}/${id}` }));
  return {
    Image: image,
    Hostname: task.id.slice(0, 12),
    Labels: labelsOf(owner, task),
    ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])),
    HostConfig: {
      PortBindings: Object.fromEntries(ports.map((port) => [port, [{ HostIp: "127.0.0.1", HostPort: "" }]])),
      LogConfig: { Type: "none" },
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      ...given("Mounts", mounts),
      ...(taskCgroups ? { CgroupParent: defaultCgroup, ...limits(taskMemory(task), taskCpu(task)) } : {}),
    },
  };
}

/** The Engine's create request for one container of the task, as Fargate would run it: in the network of the task, alone
 *  in its other namespaces. Memory is a hard limit without swap, CPU a share.
 *  @throws RuntimeError ResourceInitializationError, CannotCreateContainerError, CannotCreateVolumeError */
export function taskContainer(
  owner: string,
  task: TaskToRun,
  container: string,
  attempt: number,
  image: string,
  pauseId: string,
  { taskCgroups, efsFolder }: Host,
): object {
  const definition = definitionOf(task, container);
  const { capabilities, initProcessEnabled, sharedMemorySize, tmpfs = [] } = definition.linuxParameters ?? {};
  return {
    Image: image,
    Labels: { ...definition.dockerLabels, ...labelsOf(owner, task, container, attempt) },
    Env: Object.entries(environmentOf(task, container)).map(([name, value]) => `${name}=${value}`),
    ...given("Cmd", definition.command),
    ...given("Entrypoint", definition.entryPoint),
    ...given("User", definition.user),
    ...given("WorkingDir", definition.workingDirectory),
    ...given("StopTimeout", definition.stopTimeout),
    Healthcheck: healthCheck(definition.healthCheck),
    HostConfig: {
      NetworkMode: `container:${pauseId}`,
      IpcMode: "private",
      Init: initProcessEnabled ?? false,
      LogConfig: logConfig,
      RestartPolicy: { Name: "no" },
      ...limits(definition.memory ?? taskMemory(task), definition.cpu || taskCpu(task)),
      ...(taskCgroups ? { CgroupParent: `${defaultCgroup}/${pauseId}` } : {}),
      ...given("ReadonlyRootfs", definition.readonlyRootFilesystem),
      ...given("CapAdd", capabilities?.add),
      ...given("CapDrop", capabilities?.drop),
      ...given("Mounts", mountsOf(owner, task, container, efsFolder)),
      ...given("ShmSize", sharedMemorySize && sharedMemorySize * mebibyte),
      ...given(
        "Tmpfs",
        tmpfs.length === 0
          ? undefined
          : Object.fromEntries(
              tmpfs.map(({ containerPath, size, mountOptions = [] }) => [
                containerPath,
                [`size=${size}m`, ...mountOptions].join(","),
              ]),
            ),
      ),
      ...given(
        "Ulimits",
        definition.ulimits?.map(({ name, softLimit, hardLimit }) => ({ Name: name, Soft: softLimit, Hard: hardLimit })),
      ),
    },
  };
}

function taskMemory(task: TaskToRun): number {
  return Number(task.plan.taskDefinition.memory ?? 0);
}

function taskCpu(task: TaskToRun): number {
  return Number(task.plan.taskDefinition.cpu ?? 0);
}

function limits(memory: number, cpu: number): object {
  return {
    ...(memory > 0 ? { Memory: memory * mebibyte, MemorySwap: memory * mebibyte } : {}),
    ...(cpu > 0 ? { CpuShares: Math.max(2, cpu) } : {}),
  };
}

/** ECS does not look at an image's own health check, and has defaults of its own. */
function healthCheck(check: ContainerDefinition["healthCheck"]): object {
  if (check?.command === undefined) return { Test: ["NONE"] };
  const { command, interval = 30, timeout = 5, retries = 3, startPeriod = 0 } = check;
  return {
    Test: command,
    Interval: interval * nanoseconds,
    Timeout: timeout * nanoseconds,
    Retries: retries,
    StartPeriod: startPeriod * nanoseconds,
  };
}

function mountsOf(owner: string, task: TaskToRun, container: string, efsFolder: string | undefined): object[] {
  const efs = new Map(efsFolders(task, efsFolder).map(({ volume, path }) => [volume, path]));
  return (definitionOf(task, container).mountPoints ?? []).map(({ sourceVolume = "", containerPath, readOnly }) => {
    const path = efs.get(sourceVolume);
    return {
      ...(path === undefined
        ? { Type: "volume", Source: volumeName(owner, task.id, sourceVolume) }
        : { Type: "bind", Source: path }),
      Target: containerPath,
      ReadOnly: readOnly ?? false,
    };
  });
}

/** An empty list stands in a task definition where nothing was meant. */
function given<T>(key: string, value: T | undefined): Record<string, T> {
  return value === undefined || (Array.isArray(value) && value.length === 0) ? {} : { [key]: value };
}
