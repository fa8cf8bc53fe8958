import type { SimulatorClient } from "../../../simulator/client.ts";
import { taskGroupName } from "../../../simulator/protocol.ts";
import type { TaskStatus } from "../../provider.ts";
import { outcomeOf } from "../../deployment/task-outcome.ts";
import type { OneOffTask, TaskEvent, TasksOutcome, TasksToStart } from "../../task-groups.ts";
import { environmentOf, groupId } from "./group-id.ts";

/** Starts tasks of a group and follows them. */
export async function* startTasks(
  client: SimulatorClient,
  request: TasksToStart,
  signal: AbortSignal,
): AsyncGenerator<TaskEvent, TasksOutcome, void> {
  const { group, place, count, follow } = request;
  const { app, env } = environmentOf(place);
  const serviceId = groupId(request);
  const before = await client.call("describe-service", { serviceId });
  const deploymentId = before.deployments[0]?.id;
  const { tasks } = await client.call("run-tasks", { serviceId, count });
  yield { type: "tasks-started", at: new Date().toISOString(), group, tasks, cluster: `${app}-${env}` };
  const followed: Followed = {
    tasks: new Map(tasks.map((id) => [id, { id, lastStatus: "PROVISIONING" }])),
    reported: new Set(),
    news: { serviceId, ...(deploymentId !== undefined && { deploymentId }) },
  };
  yield* followStates(client, followed, hasBegun, signal);
  if (follow && !signal.aborted) {
    const logs = { app, env, name: taskGroupName(group), tasks, follow: true, untilEnded: true };
    for await (const { cursor: _, ...line } of client.stream("logs", logs, signal)) yield { type: "log", ...line };
    yield* followStates(client, followed, hasEnded, signal);
  }
  const known = [...followed.tasks.values()];
  return signal.aborted ? { outcome: "interrupted", tasks: known } : outcomeOf(known);
}

interface Followed {
  tasks: Map<string, OneOffTask>;
  /** Those whose failure has been told. */
  reported: Set<string>;
  news: { serviceId: string; deploymentId?: string };
}

/** Tells what changes until all tasks are so, and the failures of those that have failed are told. */
async function* followStates(
  client: SimulatorClient,
  { tasks, reported, news }: Followed,
  isSo: (task: OneOffTask) => boolean,
  signal: AbortSignal,
): AsyncGenerator<TaskEvent, void, void> {
  const isDone = (task: OneOffTask) => isSo(task) && (!isReported(task) || reported.has(task.id));
  if ([...tasks.values()].every(isDone)) return;
  const done = new AbortController();
  try {
    for await (const event of client.stream("follow-service", news, AbortSignal.any([signal, done.signal]))) {
      if (event.type === "task-stopped" && tasks.has(event.task.id) && !reported.has(event.task.id)) {
        reported.add(event.task.id);
        const hasFailed = event.task.containers.some(({ exitCode }) => exitCode !== 0);
        if (hasFailed) yield { type: "task-stopped", at: new Date(event.at).toISOString(), task: event.task };
      }
      if (event.type === "status")
        for (const task of [...event.status.tasks, ...event.status.stoppedTasks]) {
          const former = tasks.get(task.id);
          const state = oneOffTask(task);
          if (former === undefined || JSON.stringify(former) === JSON.stringify(state)) continue;
          tasks.set(task.id, state);
          yield { type: "task-changed", at: new Date(event.at).toISOString(), task: state };
        }
      if ([...tasks.values()].every(isDone)) return;
    }
  } finally {
    done.abort();
  }
}

function hasBegun({ lastStatus, startedAt }: OneOffTask): boolean {
  return lastStatus === "STOPPED" || lastStatus === "RUNNING" || startedAt !== undefined;
}

function hasEnded({ lastStatus }: OneOffTask): boolean {
  return lastStatus === "STOPPED";
}

/** The simulator makes a report of what ended by itself, whatever its exit code. */
function isReported({ lastStatus, stopCode }: OneOffTask): boolean {
  return lastStatus === "STOPPED" && (stopCode === "TaskFailedToStart" || stopCode === "EssentialContainerExited");
}

function oneOffTask({
  id,
  lastStatus,
  startedAt,
  stoppedAt,
  stopCode,
  stoppedReason,
  containers,
}: TaskStatus): OneOffTask {
  const exitCode = containers.find((each) => each.exitCode !== undefined)?.exitCode;
  return {
    id,
    lastStatus,
    ...(startedAt !== undefined && { startedAt }),
    ...(stoppedAt !== undefined && { stoppedAt }),
    ...(stopCode !== undefined && { stopCode }),
    ...(stoppedReason !== undefined && { stoppedReason }),
    ...(exitCode !== undefined && { exitCode }),
  };
}
