import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateClusterCommand,
  ECSClient,
  type Failure,
  RunTaskCommand,
  type RunTaskCommandInput,
  type RunTaskCommandOutput,
} from "@aws-sdk/client-ecs";
import { UserError } from "../../../errors.ts";
import { taskStack } from "../../../plan/task-group-plan.ts";
import type { TaskEvent, TasksOutcome, TasksToStart } from "../../task-groups.ts";
import { withEitherRight } from "../following/either-right.ts";
import { lastPart } from "../services/arns.ts";
import { describeTaskDefinition } from "../services/ecs-service.ts";
import { type ReadingTools, resourcesOf } from "../services/find-workload.ts";
import { followTasks } from "./follow-tasks.ts";
import { defaultCluster, type OpenNetwork, type OpenPlace } from "./open-place.ts";

/** Starts tasks of the task definition that the group's stack has, and follows them. */
export async function* startTasks(
  request: TasksToStart,
  { network, hasCluster, ...open }: OpenNetwork,
  tools: ReadingTools,
  signal: AbortSignal,
): AsyncGenerator<TaskEvent, TasksOutcome, void> {
  const { group, place, count, follow } = request;
  const definition = await definitionOf(request, open, tools);
  if (!hasCluster) {
    await open.session.client(ECSClient).send(new CreateClusterCommand({ clusterName: defaultCluster }));
    yield { type: "notice", code: "task/cluster-made", message: "made the cluster default, which was not there" };
  }
  if (signal.aborted) return { outcome: "interrupted", tasks: [] };
  const isWindows = definition.runtimePlatform?.operatingSystemFamily?.startsWith("WINDOWS") === true;
  const { tasks = [], failures = [] } = await runTask(
    {
      cluster: open.cluster,
      taskDefinition: definition.taskDefinitionArn,
      count,
      launchType: "FARGATE",
      platformVersion: isWindows ? "1.0.0" : "LATEST",
      networkConfiguration: { awsvpcConfiguration: network },
      enableExecuteCommand: true,
      propagateTags: "TASK_DEFINITION",
      startedBy: "copilot-task",
      clientToken: randomUUID(),
    },
    open,
    tools,
  );
  if (tasks.length === 0) throw notPlaced(group, failures);
  for (const failure of failures)
    yield { type: "notice", code: "task/not-placed", message: `ECS did not start all: ${textOf(failure)}` };
  yield {
    type: "tasks-started",
    at: new Date(tools.now()).toISOString(),
    group,
    tasks: tasks.map(({ taskArn = "" }) => lastPart(taskArn)),
    cluster: lastPart(open.cluster),
  };
  const outcome = yield* followTasks({ ...open, group, place, tasks, definition, follow }, tools, signal);
  return failures.length === 0 || outcome.outcome === "interrupted" ? outcome : { ...outcome, outcome: "failed" };
}

async function definitionOf({ group }: TasksToStart, { session, where }: OpenPlace, { stacks }: ReadingTools) {
  const resources = await resourcesOf(taskStack(group), where, stacks);
  const arn = resources["TaskDefinition"]?.physicalId;
  const definition = arn === undefined ? undefined : await describeTaskDefinition(session, arn);
  if (definition !== undefined) return definition;
  throw new UserError("task/not-found", `there is no task group ${group}`, { hint: "pilotfish task run --help" });
}

/** A role that has just been made is not known everywhere yet. */
const triesForNewRoles = 6;

/** The manager role may hand on the roles of its environment, and others only the user may. */
async function runTask(
  input: RunTaskCommandInput,
  { session }: OpenPlace,
  { session: own, pace }: ReadingTools,
): Promise<RunTaskCommandOutput> {
  for (let tried = 1; ; tried++) {
    try {
      return await withEitherRight(session, own, (aws) => aws.client(ECSClient).send(new RunTaskCommand(input)));
    } catch (error) {
      const isNewRole = error instanceof Error && /unable to assume the role/i.test(error.message);
      if (!isNewRole || tried === triesForNewRoles) throw error;
      await sleep(pace.first * tried);
    }
  }
}

function notPlaced(group: string, failures: readonly Failure[]): UserError {
  const [first = {}, ...others] = failures;
  return new UserError("task/not-placed", `ECS started no task of ${group}: ${textOf(first)}`, {
    details: others.map(textOf),
    hint: "try again in a while, or with other --cpu and --memory",
  });
}

function textOf({ reason = "it says no reason", detail }: Failure): string {
  return detail === undefined ? reason : `${reason} (${detail})`;
}
