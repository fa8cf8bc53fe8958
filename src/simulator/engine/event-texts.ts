/** The texts of service events, as ECS writes them ("tasks" and "targets" stay plural for 1). `service` is the service's
 *  name, `deployment` an id `ecs-svc/…`, `group` a target group's ARN. */

const list = (tasks: readonly string[]): string => tasks.map((task) => `(task ${task})`).join(" ");

export const eventTexts = {
  started: (service: string, tasks: readonly string[], replaced: number) =>
    `(service ${service}) has started ${tasks.length} tasks: ${list(tasks)}.` +
    (replaced > 0 ? ` Amazon ECS replaced ${replaced} tasks due to an unhealthy status.` : ""),
  stoppedRunning: (service: string, tasks: readonly string[]) =>
    `(service ${service}) has stopped ${tasks.length} running tasks: ${list(tasks)}.`,
  stoppedPending: (service: string, count: number) => `(service ${service}) stopped ${count} pending tasks.`,
  registered: (service: string, count: number, group: string) =>
    `(service ${service}) registered ${count} targets in (target-group ${group})`,
  deregistered: (service: string, count: number, group: string) =>
    `(service ${service}) deregistered ${count} targets in (target-group ${group})`,
  draining: (service: string, deployment: string, count: number) =>
    `(service ${service}, taskSet ${deployment}) has begun draining connections on ${count} tasks.`,
  unhealthy: (service: string, task: string, port: number, group: string, reason: string) =>
    `(service ${service}) (task ${task}) (port ${port}) is unhealthy in (target-group ${group}) due to (reason ${reason}).`,
  unhealthyContainers: (service: string, task: string) =>
    `(service ${service}) (task ${task}) failed container health checks.`,
  unableToPlace: (service: string, reason: string) =>
    `(service ${service}) was unable to place a task. Reason: ${reason.replace(/\.$/, "")}.`,
  unableToStart: (service: string) =>
    `(service ${service}) is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.`,
  stuck: (service: string) =>
    `(service ${service}) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.`,
  completed: (service: string, deployment: string) =>
    `(service ${service}) (deployment ${deployment}) deployment completed.`,
  failed: (service: string, deployment: string, why: string) =>
    `(service ${service}) (deployment ${deployment}) deployment failed: ${why}.`,
  rollingBack: (service: string, deployment: string) =>
    `(service ${service}) rolling back to deployment ${deployment}.`,
  steady: (service: string) => `(service ${service}) has reached a steady state.`,
};

/** `rolloutStateReason` of a deployment. */
export const rolloutReasons = {
  inProgress: (deployment: string) => `ECS deployment ${deployment} in progress.`,
  completed: (deployment: string) => `ECS deployment ${deployment} completed.`,
  tasksFailed: "ECS deployment circuit breaker: tasks failed to start.",
  breakerRollsBack: (deployment: string) =>
    `ECS deployment circuit breaker: rolling back to deploymentId ${deployment}.`,
};
