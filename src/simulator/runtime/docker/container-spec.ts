import type { TaskToRun } from "../runtime.ts";
import { labelsOf } from "./labels.ts";

type ContainerDefinition = NonNullable<TaskToRun["plan"]["taskDefinition"]["containerDefinitions"]>[number];

/** Our own reading of the log must work whatever the Engine's default driver is, and a chatty container fill no disk. */
const logConfig = { Type: "json-file", Config: { "max-size": "10m", "max-file": "2" } };

/** A container's part of the task definition. */
export function definitionOf(task: TaskToRun, container: string): ContainerDefinition {
  const found = task.plan.taskDefinition.containerDefinitions?.find((one) => one.name === container);
  if (found === undefined) throw new Error(`task ${task.id} has no container ${container}`);
  return found;
}

/** Every port that something outside may want: all mapped ones and those of the target groups, since on Fargate a load
 *  balancer reaches each port of the task. As the Engine writes them: `8080/tcp`. */
export function portsOf(task: TaskToRun): string[] {
  const ports = new Set<string>();
  for (const definition of task.plan.taskDefinition.containerDefinitions ?? [])
    for (const mapping of definition.portMappings ?? [])
      if (mapping.containerPort !== undefined) ports.add(`${mapping.containerPort}/${mapping.protocol ?? "tcp"}`);
  for (const { containerPort, request } of task.plan.targetGroups) {
    ports.add(`${containerPort}/tcp`);
    if (/^\d+$/.test(request.HealthCheckPort ?? "")) ports.add(`${request.HealthCheckPort}/tcp`);
  }
  return [...ports];
}

/** The Engine's create request for the container that holds the task's network. */
export function pauseContainer(owner: string, task: TaskToRun, image: string): object {
  const ports = portsOf(task);
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
