import type { TaskToRun } from "./runtime.ts";

export type ContainerDefinition = NonNullable<TaskToRun["plan"]["taskDefinition"]["containerDefinitions"]>[number];

export interface TaskPort {
  port: number;
  protocol: string;
  /** Who maps it; for another port, whom a target group leads to. */
  container: string | undefined;
}

/** A container's part of the task definition. */
export function definitionOf(task: TaskToRun, container: string): ContainerDefinition {
  const found = task.plan.taskDefinition.containerDefinitions?.find((one) => one.name === container);
  if (found === undefined) throw new Error(`task ${task.id} has no container ${container}`);
  return found;
}

/** Every port that something outside may want, once: all mapped ones and those of the target groups, since on Fargate a
 *  load balancer reaches each port of the task. */
export function portsOf(task: TaskToRun): TaskPort[] {
  const ports: TaskPort[] = [];
  for (const definition of task.plan.taskDefinition.containerDefinitions ?? [])
    for (const { containerPort, protocol = "tcp" } of definition.portMappings ?? [])
      if (containerPort !== undefined) ports.push({ port: containerPort, protocol, container: definition.name });
  for (const { container, containerPort, request } of task.plan.targetGroups) {
    ports.push({ port: containerPort, protocol: request.Protocol === "UDP" ? "udp" : "tcp", container });
    if (/^\d+$/.test(request.HealthCheckPort ?? ""))
      ports.push({ port: Number(request.HealthCheckPort), protocol: "tcp", container });
  }
  const unique = new Map<string, TaskPort>();
  for (const one of ports) unique.set(`${one.port}/${one.protocol}`, unique.get(`${one.port}/${one.protocol}`) ?? one);
  return [...unique.values()];
}

/** Whether a task reaches others by Service Connect. */
export function hasConnect({ plan }: TaskToRun): boolean {
  return plan.service.serviceConnectConfiguration?.enabled === true;
}
