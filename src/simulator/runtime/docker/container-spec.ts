import type { TaskToRun } from "../runtime.ts";
import { definitionOf, portsOf } from "../task-definition.ts";
import { labelsOf } from "./labels.ts";

/** Our own reading of the log must work whatever the Engine's default driver is, and a chatty container fill no disk. */
const logConfig = { Type: "json-file", Config: { "max-size": "10m", "max-file": "2" } };

/** The Engine's create request for the container that holds the task's network. */
export function pauseContainer(owner: string, task: TaskToRun, image: string): object {
  const ports = portsOf(task).map(({ port, protocol }) => `${port}/${protocol}`);
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
    },
  };
}

/** The Engine's create request for one container of the task, as Fargate would run it: in the network of the task, alone
 *  in its other namespaces. The task's memory is a hard limit without swap, its CPU a share. */
export function taskContainer(
  owner: string,
  task: TaskToRun,
  container: string,
  attempt: number,
  image: string,
  pauseId: string,
): object {
  const definition = definitionOf(task, container);
  const { memory: taskMemory, cpu: taskCpu } = task.plan.taskDefinition;
  const memory = (definition.memory ?? Number(taskMemory ?? 0)) * 2 ** 20;
  const cpu = definition.cpu || Number(taskCpu ?? 0);
  const { capabilities, initProcessEnabled } = definition.linuxParameters ?? {};
  return {
    Image: image,
    Labels: { ...definition.dockerLabels, ...labelsOf(owner, task, container, attempt) },
    Env: (definition.environment ?? []).map(({ name, value }) => `${name}=${value ?? ""}`),
    ...given("Cmd", definition.command),
    ...given("Entrypoint", definition.entryPoint),
    ...given("User", definition.user),
    ...given("WorkingDir", definition.workingDirectory),
    ...given("StopTimeout", definition.stopTimeout),
    // ECS does not look at an image's own health check.
    Healthcheck: { Test: ["NONE"] },
    HostConfig: {
      NetworkMode: `container:${pauseId}`,
      IpcMode: "private",
      Init: initProcessEnabled ?? false,
      LogConfig: logConfig,
      RestartPolicy: { Name: "no" },
      ...(memory > 0 ? { Memory: memory, MemorySwap: memory } : {}),
      ...(cpu > 0 ? { CpuShares: Math.max(2, cpu) } : {}),
      ...given("ReadonlyRootfs", definition.readonlyRootFilesystem),
      ...given("CapAdd", capabilities?.add),
      ...given("CapDrop", capabilities?.drop),
      ...given(
        "Ulimits",
        definition.ulimits?.map(({ name, softLimit, hardLimit }) => ({ Name: name, Soft: softLimit, Hard: hardLimit })),
      ),
    },
  };
}

/** An empty list stands in a task definition where nothing was meant. */
function given<T>(key: string, value: T | undefined): Record<string, T> {
  return value === undefined || (Array.isArray(value) && value.length === 0) ? {} : { [key]: value };
}
