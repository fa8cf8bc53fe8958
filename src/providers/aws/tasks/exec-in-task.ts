import type { Task } from "@aws-sdk/client-ecs";
import { shellWord, UserError } from "../../../errors.ts";
import type { ExecSession } from "../../provider.ts";
import type { TaskExecRequest, TaskPlace } from "../../task-groups.ts";
import { execInContainer } from "../exec/exec-command.ts";
import { checkPlugin } from "../exec/session-manager-plugin.ts";
import { lastPart } from "../services/arns.ts";
import type { ReadingTools } from "../services/find-workload.ts";
import { liveTasks } from "./group-tasks.ts";
import { openPlace } from "./open-place.ts";

/** Runs a command in the container of a running task of a group, by ECS Exec. */
export async function execInTask(
  request: TaskExecRequest,
  tools: ReadingTools,
  signal: AbortSignal,
): Promise<ExecSession> {
  await checkPlugin();
  const open = await openPlace(request.place, tools);
  const task = runningTask(await liveTasks(request.group, open), request);
  const container = (task.containers ?? []).find(({ name }) => name === request.group);
  const agent = container?.managedAgents?.find(({ name }) => name === "ExecuteCommandAgent");
  if (container?.lastStatus !== "RUNNING" || (agent !== undefined && agent.lastStatus !== "RUNNING"))
    throw new UserError(
      "exec/unavailable",
      `no command can be run in task ${short(task)} yet: ${agent === undefined ? "its container" : "the agent for commands"} is ${agent?.lastStatus ?? container?.lastStatus ?? "not there"}`,
      { hint: "it starts with the task: try again in some seconds" },
    );
  return execInContainer({ ...request, task, container, cluster: open.cluster }, open.session, signal);
}

/** The newest, unless one is asked for. */
function runningTask(tasks: readonly Task[], { group, place, task }: TaskExecRequest): Task {
  const running = tasks.filter(({ lastStatus }) => lastStatus === "RUNNING");
  const [first] = running;
  if (first === undefined)
    throw new UserError("exec/no-running-task", `no task of ${group} is running`, {
      hint: `pilotfish task run -n ${shellWord(group)} ${flagsOf(place)}`,
    });
  const found = task === undefined ? first : running.find(({ taskArn = "" }) => lastPart(taskArn).startsWith(task));
  if (found !== undefined) return found;
  throw new UserError("exec/no-running-task", `no running task of ${group} has an id that begins with ${task}`, {
    hint: `running: ${running.map(short).join(", ")}`,
  });
}

function flagsOf({ app, env }: TaskPlace): string {
  return app === undefined ? "--default" : `--app ${shellWord(app)} --env ${shellWord(env)}`;
}

function short({ taskArn = "" }: Task): string {
  return lastPart(taskArn).slice(0, 8);
}
