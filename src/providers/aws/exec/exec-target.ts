import type { Container, Task } from "@aws-sdk/client-ecs";
import { shellWord, UserError } from "../../../errors.ts";
import type { ExecRequest } from "../../provider.ts";
import { lastPart } from "../services/arns.ts";

type Wanted = Pick<ExecRequest, "app" | "env" | "name" | "task" | "container">;

/** The running task and its container that a command runs in. Without a wish: the newest task, and the container that is
 *  named as the service. Pure. @throws UserError exec/* that names what there is */
export function execTarget(tasks: readonly Task[], wanted: Wanted): { task: Task; container: Container } {
  const task = runningTask(tasks, wanted);
  if (task.enableExecuteCommand !== true) throw notEnabled(task, wanted);
  const { containers = [] } = task;
  const name = wanted.container ?? wanted.name;
  const container = containers.find((each) => each.name === name);
  const running = containers.filter(({ lastStatus }) => lastStatus === "RUNNING").map((each) => each.name);
  if (container === undefined)
    throw new UserError("exec/container-not-found", `task ${short(task)} of ${wanted.name} has no container ${name}`, {
      hint: `it has: ${containers.map((each) => each.name).join(", ")}`,
    });
  if (container.lastStatus !== "RUNNING")
    throw new UserError(
      "exec/container-not-running",
      `container ${name} of task ${short(task)} is ${container.lastStatus}`,
      { hint: running.length === 0 ? status(wanted) : `running: ${running.join(", ")}` },
    );
  const agent = container.managedAgents?.find((each) => each.name === "ExecuteCommandAgent");
  if (agent !== undefined && agent.lastStatus !== "RUNNING") throw agentIsDown(agent.lastStatus, task, name, wanted);
  return { task, container };
}

function runningTask(tasks: readonly Task[], wanted: Wanted): Task {
  const running = tasks
    .filter(({ lastStatus }) => lastStatus === "RUNNING")
    .toSorted((a, b) => rank(b) - rank(a) || (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0));
  const [first] = running;
  const { name, env, task } = wanted;
  if (first === undefined)
    throw new UserError("exec/no-running-task", `no task of ${name} is running in ${env}`, { hint: status(wanted) });
  if (task === undefined) return first;
  const found = running.find(({ taskArn = "" }) => lastPart(taskArn).startsWith(task));
  if (found !== undefined) return found;
  throw new UserError("exec/no-running-task", `no running task of ${name} has an id that begins with ${task}`, {
    hint: `running: ${running.map(short).join(", ")}`,
  });
}

/** One that is to stop is taken last. */
function rank({ desiredStatus }: Task): number {
  return desiredStatus === "RUNNING" ? 1 : 0;
}

/** ECS changes the setting of a service in place: only tasks that are started afterwards have it. */
function notEnabled(task: Task, { app, env, name }: Wanted): UserError {
  return new UserError(
    "exec/not-enabled",
    `no command can be run in task ${short(task)}: exec was not enabled for ${name} of ${app} when it was started`,
    {
      hint: `set \`exec: true\` in the manifest of ${name}, then: pilotfish svc deploy -n ${shellWord(name)} -e ${env} --force`,
    },
  );
}

/** Source: Amazon ECS Developer Guide, "Troubleshoot Amazon ECS Exec issues". */
function agentIsDown(state: string | undefined, task: Task, container: string | undefined, wanted: Wanted): UserError {
  const message = `the agent that runs commands in container ${container} of task ${short(task)} is ${state}`;
  const hint =
    state === "PENDING"
      ? `it starts with the task: try again in some seconds; ${status(wanted)}`
      : `the task role needs ssmmessages:* and the task a way to AWS; a new task may have it: pilotfish svc deploy -n ${shellWord(wanted.name)} -e ${wanted.env} --force`;
  return new UserError("exec/unavailable", message, { hint });
}

function status({ app, env, name }: Wanted): string {
  return `pilotfish svc status -a ${shellWord(app)} -n ${shellWord(name)} -e ${env}`;
}

function short({ taskArn = "" }: Task): string {
  return lastPart(taskArn).slice(0, 8);
}
