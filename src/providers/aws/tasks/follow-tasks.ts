import { ResourceNotFoundException } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeTasksCommand, ECSClient, type Task, type TaskDefinition } from "@aws-sdk/client-ecs";
import { setTimeout as sleep } from "node:timers/promises";
import { hasFailed, outcomeOf } from "../../deployment/task-outcome.ts";
import type { OneOffTask, TaskEvent, TasksOutcome, TasksToStart } from "../../task-groups.ts";
import { stopReport } from "../following/stop-report.ts";
import { NewEvents } from "../logs/follow-events.ts";
import { writerOfTaskStream } from "../logs/log-source.ts";
import { slower } from "../pace.ts";
import { lastPart } from "../services/arns.ts";
import type { ReadingTools } from "../services/find-workload.ts";
import type { OpenPlace } from "./open-place.ts";
import { oneOffTask, publicAddresses } from "./one-off-task.ts";

interface TasksToFollow extends OpenPlace, Pick<TasksToStart, "group" | "place" | "follow"> {
  tasks: readonly Task[];
  definition: TaskDefinition;
}

/** The driver hands lines on when the container has ended already: so often they are looked for again. */
const lastLooks = 3;

/** Follows tasks until all run or have ended or, with their lines, until all have ended. */
export async function* followTasks(
  followed: TasksToFollow,
  tools: ReadingTools,
  signal: AbortSignal,
): AsyncGenerator<TaskEvent, TasksOutcome, void> {
  const { follow } = followed;
  const { pace } = tools;
  const states = new Map<string, OneOffTask>();
  const news = newsOf(followed, tools.now());
  let left = lastLooks;
  for (let delay = pace.first; ;) {
    const told = yield* tellChanges(followed, states, tools, signal);
    const printed = follow && (yield* printLines(news, signal));
    const tasks = [...states.values()];
    if (signal.aborted) return { outcome: "interrupted", tasks };
    const haveEnded = tasks.every(({ lastStatus }) => lastStatus === "STOPPED");
    const isOver = follow ? haveEnded && left-- <= 0 : tasks.every(hasBegun);
    if (isOver) return outcomeOf(tasks);
    delay = told || printed || haveEnded ? pace.first : slower(delay, pace);
    await sleep(delay, undefined, { signal }).catch(() => undefined);
  }
}

function hasBegun({ lastStatus, startedAt }: OneOffTask): boolean {
  return lastStatus === "STOPPED" || lastStatus === "RUNNING" || startedAt !== undefined;
}

/** @returns whether there was anything to tell */
async function* tellChanges(
  { session, cluster, tasks, definition, group, place }: TasksToFollow,
  states: Map<string, OneOffTask>,
  { pace, now }: ReadingTools,
  signal: AbortSignal,
): AsyncGenerator<TaskEvent, boolean, void> {
  const unknown = tasks.filter(({ taskArn = "" }) => states.get(lastPart(taskArn))?.lastStatus !== "STOPPED");
  if (unknown.length === 0 || signal.aborted) return false;
  const ask = new DescribeTasksCommand({ cluster, tasks: unknown.flatMap(({ taskArn }) => taskArn ?? []) });
  const { tasks: described = [] } = await session.client(ECSClient).send(ask);
  const begun = described.filter(
    ({ taskArn = "", lastStatus }) =>
      lastStatus === "RUNNING" && states.get(lastPart(taskArn))?.lastStatus !== "RUNNING",
  );
  const addresses = await publicAddresses(begun, session);
  let told = false;
  for (const task of described) {
    const id = lastPart(task.taskArn ?? "");
    const before = states.get(id);
    const publicIp = addresses[id] ?? before?.publicIp;
    const state: OneOffTask = { ...oneOffTask(task), ...(publicIp !== undefined && { publicIp }) };
    states.set(id, state);
    if (JSON.stringify(before) === JSON.stringify(state)) continue;
    told = true;
    const at = new Date(now()).toISOString();
    yield { type: "task-changed", at, task: state };
    if (!hasFailed(state)) continue;
    const workload = { app: place.app ?? "", env: place.env ?? "", name: group };
    const report = await stopReport({ workload, task, definition, groups: [], isOneOff: true }, session, pace);
    yield { type: "task-stopped", at, task: report };
  }
  // One that has just been started is not known everywhere yet.
  for (const { taskArn = "", ...task } of tasks)
    if (!states.has(lastPart(taskArn))) states.set(lastPart(taskArn), oneOffTask({ taskArn, ...task }));
  return told;
}

/** The lines that tasks have written since they were looked for last. */
async function* printLines(news: NewEvents, signal: AbortSignal): AsyncGenerator<TaskEvent, boolean, void> {
  try {
    const events = news.look(signal);
    for (;;) {
      const step = await events.next();
      if (step.done) return step.value;
      const { at, stream, message } = step.value;
      yield { type: "log", at: new Date(at).toISOString(), ...writerOfTaskStream(stream), stream: "stdout", message };
    }
  } catch (error) {
    if (signal.aborted || error instanceof ResourceNotFoundException) return false;
    throw error;
  }
}

/** Clocks differ, and no task wrote anything before it was there. */
const earlier = 3_600_000;

function newsOf({ session, group, tasks, definition }: TasksToFollow, now: number): NewEvents {
  const { options = {} } = definition.containerDefinitions?.[0]?.logConfiguration ?? {};
  const prefixes = tasks.map(({ taskArn = "" }) => `copilot-task/${group}/${lastPart(taskArn)}`);
  const logGroup = options["awslogs-group"] ?? `/copilot/${group}`;
  const source = { session, group: logGroup, prefixes, writerOf: writerOfTaskStream };
  return new NewEvents(source, { seen: [], since: now - earlier });
}
