import { setTimeout as sleep } from "node:timers/promises";
import { DescribeTasksCommand, ECSClient, ListTasksCommand, StopTaskCommand, type Task } from "@aws-sdk/client-ecs";
import { taskFamily } from "../../../plan/task-group-plan.ts";
import type { TaskGroupRef } from "../../task-groups.ts";
import { slower } from "../pace.ts";
import { lastPart } from "../services/arns.ts";
import type { ReadingTools } from "../services/find-workload.ts";
import { openPlace, type OpenPlace } from "./open-place.ts";

/** The tasks of a group that run or are to run, newest first. */
export async function liveTasks(group: string, { session, cluster }: OpenPlace): Promise<Task[]> {
  const ecs = session.client(ECSClient);
  const found: Task[] = [];
  let nextToken: string | undefined;
  do {
    const page = await ecs
      .send(new ListTasksCommand({ cluster, family: taskFamily(group), desiredStatus: "RUNNING", nextToken }))
      .catch(orNoCluster);
    const { taskArns: tasks = [] } = page;
    if (tasks.length > 0) found.push(...((await ecs.send(new DescribeTasksCommand({ cluster, tasks }))).tasks ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found.toSorted((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0));
}

/** Stops the tasks of a group, and waits until all have ended. */
export async function stopTasks(
  { group, place }: TaskGroupRef,
  tools: ReadingTools,
  signal: AbortSignal,
): Promise<string[]> {
  const open = await openPlace(place, tools);
  const { session, cluster } = open;
  const ecs = session.client(ECSClient);
  const tasks = (await liveTasks(group, open)).flatMap(({ taskArn }) => taskArn ?? []);
  const reason = `the task group ${group} is deleted`;
  await Promise.all(tasks.map((task) => ecs.send(new StopTaskCommand({ cluster, task, reason }))));
  let left = tasks;
  for (let delay = tools.pace.first; left.length > 0 && !signal.aborted; delay = slower(delay, tools.pace)) {
    const { tasks: described = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: left.slice(0, 100) }));
    const isThere = ({ lastStatus }: Task) => lastStatus !== "STOPPED" && lastStatus !== "DELETED";
    left = [...described.filter(isThere).flatMap(({ taskArn }) => taskArn ?? []), ...left.slice(100)];
    if (left.length > 0) await sleep(delay, undefined, { signal }).catch(() => undefined);
  }
  return tasks.map(lastPart);
}

/** The default cluster may never have been made. */
function orNoCluster(error: unknown): { taskArns?: string[]; nextToken?: string } {
  if (error instanceof Error && error.name === "ClusterNotFoundException") return {};
  throw error;
}
