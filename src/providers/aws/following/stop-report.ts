import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { Task, TaskDefinition } from "@aws-sdk/client-ecs";
import { DescribeTargetGroupsCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { setTimeout as sleep } from "node:timers/promises";
import type { DeployedVersion, EndedContainer, EndedTask } from "../../deployment/ended-task.ts";
import { explainStop, failedContainer, hasFailed } from "../../deployment/explain-stop.ts";
import type { StoppedTask, WorkloadRef } from "../../provider.ts";
import { lastPart } from "../services/arns.ts";
import type { Pace } from "../pace.ts";
import type { AwsSession } from "../session.ts";
import { pullHint, valuesHint } from "./start-hints.ts";

/** What is known of a task that has failed. */
export interface FailedTask {
  workload: WorkloadRef;
  task: Task;
  definition: TaskDefinition | undefined;
  /** Target groups that the service has. */
  groups: readonly { arn: string; containerPort: number }[];
  /** What its last health check said, while its targets were there. */
  lastCheck?: string;
  /** It ran once, of no service. */
  isOneOff?: boolean;
}

const lastLines = 20;

/** As soon as what explains it is known: its container has ended, or it was sent away. */
export function isReportable(task: Task): boolean {
  if (!hasFailed(endedTask(task, undefined))) return false;
  if (task.stopCode !== "EssentialContainerExited") return true;
  return (task.containers ?? []).some(({ exitCode }) => exitCode !== undefined);
}

/** Why a task has failed, with the last lines of the container that explains it. */
export async function stopReport(failed: FailedTask, session: AwsSession, pace: Pace): Promise<StoppedTask> {
  const { task, workload, definition } = failed;
  const ended = endedTask(task, definition);
  const container = failedContainer(ended);
  const [lastLogs, version] = await Promise.all([
    container === undefined ? [] : lastLinesOf(container, ended, definition, session, pace),
    versionOf(failed, session),
  ]);
  return explainStop(ended, version, {
    on: "aws",
    ...(failed.isOneOff && { isOneOff: true }),
    lastLogs,
    lastCheck: failed.lastCheck,
    valuesHint: (reason) => valuesHint(reason, workload),
    pullHint,
  });
}

/** ECS does not tell which container ended first. One that others took along was told to end (143) or killed (137). */
function endedTask(task: Task, definition: TaskDefinition | undefined): EndedTask {
  const startedAt = task.startedAt?.getTime();
  const containers = (task.containers ?? []).map(({ name = "", exitCode, reason, healthStatus }): EndedContainer => {
    const defined = definition?.containerDefinitions?.find((each) => each.name === name);
    return {
      name,
      essential: defined?.essential ?? true,
      exitCode,
      reason,
      ...(exitCode !== undefined && { startedAt: startedAt ?? 0 }),
      ...(defined?.healthCheck !== undefined && { health: healthStatus ?? "UNKNOWN" }),
    };
  });
  return {
    id: lastPart(task.taskArn ?? ""),
    deploymentId: task.startedBy ?? "",
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    containers: containers.toSorted((a, b) => takenAlong(a) - takenAlong(b)),
    targets: [],
  };
}

function takenAlong({ exitCode, reason }: EndedContainer): number {
  if (reason !== undefined) return 0;
  return exitCode === 143 || exitCode === 137 ? 2 : exitCode === 0 ? 1 : 0;
}

/** The driver hands the last lines on when the container has ended already, so they are asked for a few times. */
async function lastLinesOf(
  { name, exitCode }: EndedContainer,
  { id }: EndedTask,
  definition: TaskDefinition | undefined,
  session: AwsSession,
  { first }: Pace,
): Promise<string[]> {
  const { logDriver, options = {} } =
    definition?.containerDefinitions?.find((each) => each.name === name)?.logConfiguration ?? {};
  const group = options["awslogs-group"];
  if (exitCode === undefined || logDriver !== "awslogs" || group === undefined) return [];
  const logStreamName = `${options["awslogs-stream-prefix"]}/${name}/${id}`;
  const ask = new GetLogEventsCommand({ logGroupName: group, logStreamName, limit: lastLines, startFromHead: false });
  const logs = session.client(CloudWatchLogsClient);
  for (let delay = first; ; delay *= 2) {
    const { events = [] } = await logs.send(ask).catch(() => ({ events: [] }));
    if (events.length > 0 || delay > 4 * first) return events.map(({ message = "" }) => message.replace(/\r?\n$/, ""));
    await sleep(delay);
  }
}

async function versionOf(
  { workload, definition, task, groups }: FailedTask,
  session: AwsSession,
): Promise<DeployedVersion | undefined> {
  if (definition === undefined) return undefined;
  const isUnhealthy = /ELB health checks/.test(task.stoppedReason ?? "");
  const described =
    !isUnhealthy || groups.length === 0
      ? []
      : ((
          await session
            .client(ElasticLoadBalancingV2Client)
            .send(new DescribeTargetGroupsCommand({ TargetGroupArns: groups.map(({ arn }) => arn) }))
            .catch(() => undefined)
        )?.TargetGroups ?? []);
  return {
    name: workload.name,
    env: workload.env,
    taskDefinition: definition as DeployedVersion["taskDefinition"],
    targetGroups: described.map(({ TargetGroupArn = "", ...request }) => ({
      key: lastPart(TargetGroupArn),
      containerPort: groups.find(({ arn }) => arn === TargetGroupArn)?.containerPort ?? 0,
      request,
    })),
  };
}
