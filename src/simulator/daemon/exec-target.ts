import { UserError } from "../../errors.ts";
import type { Service, Task } from "../engine/state.ts";

export interface ExecTarget {
  /** The beginning of a task's id. */
  task?: string;
  container?: string;
}

/** The running task and its container that a command runs in. Without a wish: the newest task, and the container that is
 *  named as the service. As ECS does, it takes only tasks that were started with exec enabled. Pure.
 *  @throws UserError exec/* that names what there is */
export function execTarget(
  service: Service,
  tasks: readonly Task[],
  wanted: ExecTarget,
): { task: string; container: string } {
  const task = runningTask(service, tasks, wanted.task);
  if (!isEnabled(service, task)) throw notEnabled(service, task);
  const name = wanted.container ?? service.name;
  const container = task.containers.find((each) => each.name === name);
  if (container === undefined)
    throw new UserError("exec/container-not-found", `task ${short(task)} of ${service.name} has no container ${name}`, {
      hint: `it has: ${task.containers.map((each) => each.name).join(", ")}`,
    });
  if (container.lastStatus !== "RUNNING") {
    const running = task.containers.filter(({ lastStatus }) => lastStatus === "RUNNING").map((each) => each.name);
    throw new UserError(
      "exec/container-not-running",
      `container ${name} of task ${short(task)} is ${container.lastStatus}`,
      { hint: running.length === 0 ? status(service) : `running: ${running.join(", ")}` },
    );
  }
  return { task: task.id, container: name };
}

function runningTask(service: Service, tasks: readonly Task[], wanted: string | undefined): Task {
  const running = tasks
    .filter(({ lastStatus }) => lastStatus === "RUNNING")
    .toSorted((a, b) => rank(b) - rank(a) || b.createdAt - a.createdAt);
  const [first] = running;
  if (first === undefined)
    throw new UserError("exec/no-running-task", `no task of ${service.name} is running in ${service.env}`, {
      hint: status(service),
    });
  if (wanted === undefined) return first;
  const found = running.find(({ id }) => id.startsWith(wanted));
  if (found !== undefined) return found;
  throw new UserError(
    "exec/no-running-task",
    `no running task of ${service.name} has an id that begins with ${wanted}`,
    {
      hint: `running: ${running.map(short).join(", ")}`,
    },
  );
}

/** One that is to stop is taken last. */
function rank({ desiredStatus }: Task): number {
  return desiredStatus === "RUNNING" ? 1 : 0;
}

/** A task of a daemon that did not note it counts as its deployment says. */
function isEnabled(service: Service, { enableExecuteCommand, deploymentId }: Task): boolean {
  const deployment = service.deployments.find(({ id }) => id === deploymentId);
  return enableExecuteCommand ?? deployment?.spec.plan.service.enableExecuteCommand ?? false;
}

/** ECS changes the setting of a service in place: only tasks that are started afterwards have it. */
function notEnabled(service: Service, task: Task): UserError {
  const { app, env, name } = service;
  const primary = service.deployments.find(({ status: state }) => state === "PRIMARY");
  const deploy = `pilotfish svc deploy -n ${name} -e ${env}${simulated(env)} --force`;
  const isOn = primary?.spec.plan.service.enableExecuteCommand === true;
  return new UserError(
    "exec/not-enabled",
    `no command can be run in task ${short(task)}: exec was not enabled for ${name} of ${app} when it was started`,
    { hint: isOn ? deploy : `set \`exec: true\` in the manifest of ${name}, then: ${deploy}` },
  );
}

function status({ app, env, name }: Service): string {
  return `pilotfish svc status -a ${app} -n ${name} -e ${env}${simulated(env)}`;
}

/** Another environment than `local` may have a namesake on AWS. */
function simulated(env: string): string {
  return env === "local" ? "" : " --local";
}

function short({ id }: Task): string {
  return id.slice(0, 8);
}
