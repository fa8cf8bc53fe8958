import { ResourceNotFoundException } from "@aws-sdk/client-cloudwatch-logs";
import { shellWord, UserError } from "../../../errors.ts";
import type { LogLine, LogsRequest } from "../../provider.ts";
import { executionOf } from "../jobs/executions-in-logs.ts";
import { lastExecutions, stateMachineStreams } from "../jobs/last-executions.ts";
import { lastPart } from "../services/arns.ts";
import { ecsServiceOf } from "../services/describe-workload.ts";
import { describeTaskDefinition } from "../services/ecs-service.ts";
import { type FoundWorkload, findWorkload, type ReadingTools } from "../services/find-workload.ts";
import { runningResource } from "../services/kind-of-workload.ts";
import { filterEvents } from "./filter-events.ts";
import { followEvents } from "./follow-events.ts";
import { type LogEvent, type LogSource, writerOfTaskStream } from "./log-source.ts";
import { newestEvents } from "./newest-events.ts";

/** So many of the newest lines are printed when nothing says how many or since when. */
const usualLimit = 100;

/** The lines of a workload in CloudWatch, oldest first; with `follow` until the signal aborts.
 *  @throws UserError environment/not-found, service/not-found, logs/not-found */
export async function* workloadLogs(
  request: LogsRequest,
  tools: ReadingTools,
  signal: AbortSignal,
): AsyncGenerator<LogLine, void, void> {
  const source = await sourceOf(request, tools, signal);
  try {
    for await (const event of eventsFor(request, source, tools, signal))
      if (source.keeps?.(event) !== false) yield lineOf(event, source);
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof ResourceNotFoundException ? noGroup(source, request, error) : error;
  }
}

async function* eventsFor(
  { since: wanted, until, limit, follow }: LogsRequest,
  source: LogSource,
  { now, pace }: ReadingTools,
  signal: AbortSignal,
): AsyncGenerator<LogEvent, void, void> {
  const since = wanted ?? source.since;
  const range = { from: since, to: until };
  const begun = now();
  const most = limit ?? (since === undefined && until === undefined ? usualLimit : undefined);
  let seen: LogEvent[] = [];
  if (most !== undefined) yield* (seen = await newestEvents(source, range, most, begun, signal));
  else if (follow) return yield* followEvents(source, { seen, since: since ?? begun }, pace, signal);
  else yield* filterEvents(source, range, signal);
  if (follow) yield* followEvents(source, { seen, since: seen.at(-1)?.at ?? since ?? begun }, pace, signal);
}

/** The driver writes each container's lines into a stream of its own, and says nothing of where a program wrote them. */
function lineOf({ at, stream, message }: LogEvent, { writerOf }: LogSource): LogLine {
  return { at: new Date(at).toISOString(), ...writerOf(stream, message), stream: "stdout", message };
}

async function sourceOf(request: LogsRequest, tools: ReadingTools, signal: AbortSignal): Promise<LogSource> {
  const workload = await findWorkload(request, tools);
  const running = runningResource(workload.resources);
  if (running?.kind === "app-runner" && request.logGroup === undefined)
    return appRunnerSource(workload, running.service, request.filter);
  if (running?.kind === "job" && request.logGroup === undefined) return jobSource(workload, request, tools, signal);
  const group = request.logGroup ?? groupOf(workload);
  const tasks = request.previous ? [await lastStopped(workload)] : (request.tasks ?? []);
  const prefixes = await prefixesOf(workload, request.container, tasks);
  return { session: workload.session, group, prefixes, filter: request.filter, writerOf: writerOfTaskStream };
}

/** Source: AWS App Runner Developer Guide, "Viewing App Runner logs streamed to CloudWatch Logs": what the program prints is
 *  in the group of the application, with a stream for each instance. */
function appRunnerSource(workload: FoundWorkload, service: string, filter: string | undefined): LogSource {
  const [, name, id] = service.split("/");
  const writerOf = (stream: string) => ({ task: lastPart(stream), container: workload.name });
  const group = `/aws/apprunner/${name}/${id}/application`;
  return { session: workload.session, group, prefixes: ["instance/"], filter, writerOf };
}

/** A job's tasks write into its group, and so does its state machine. */
async function jobSource(
  workload: FoundWorkload,
  { filter, container, tasks = [], executions, stateMachine = false }: LogsRequest,
  { now }: ReadingTools,
  signal: AbortSignal,
): Promise<LogSource> {
  const group = groupOf(workload);
  const { session } = workload;
  const source = { session, group, filter, writerOf: writerOfJobStream };
  const ofMachine = stateMachine ? [stateMachineStreams] : [];
  if (executions === undefined)
    return { ...source, prefixes: [...(await prefixesOf(workload, container, tasks)), ...ofMachine] };
  const last = await lastExecutions(source, executions, now(), signal);
  const started = last.at(-1)?.startedAt;
  const theirs = last.flatMap((execution) => execution.tasks);
  const ids = new Set(last.map(({ id }) => id));
  return {
    ...source,
    prefixes: [
      ...(theirs.length === 0 ? [] : await prefixesOf(workload, container, theirs)),
      ...(started === undefined ? [] : ofMachine),
    ],
    since: started === undefined ? 0 : Date.parse(started),
    keeps: ({ stream, message }) => !stream.startsWith(stateMachineStreams) || ids.has(executionOf(message) ?? ""),
  };
}

function writerOfJobStream(stream: string, message: string): { task: string; container: string } {
  if (!stream.startsWith(stateMachineStreams)) return writerOfTaskStream(stream);
  return { task: executionOf(message) ?? lastPart(stream), container: "states" };
}

/** The log group of a workload. */
export function groupOf({ resources, app, env, name }: FoundWorkload): string {
  const group = Object.values(resources).find(({ type }) => type === "AWS::Logs::LogGroup");
  return group?.physicalId ?? `/copilot/${app}-${env}-${name}`;
}

/** Streams are called `copilot/CONTAINER/TASK`, and only the whole beginning of a name counts. */
async function prefixesOf(
  workload: FoundWorkload,
  container: string | undefined,
  tasks: readonly string[],
): Promise<string[]> {
  if (tasks.length === 0) return [container === undefined ? "copilot/" : `copilot/${container}/`];
  const containers = container === undefined ? await containersOf(workload) : [container];
  return containers.flatMap((name) => tasks.map((task) => `copilot/${name}/${task}`));
}

async function containersOf(workload: FoundWorkload): Promise<string[]> {
  const { resources, session } = workload;
  const definition = Object.values(resources).find(({ type }) => type === "AWS::ECS::TaskDefinition");
  if (definition === undefined) return [workload.name];
  const { containerDefinitions = [] } = (await describeTaskDefinition(session, definition.physicalId)) ?? {};
  return containerDefinitions.flatMap(({ name }) => name ?? []);
}

async function lastStopped(workload: FoundWorkload): Promise<string> {
  const { stopped } = await ecsServiceOf(workload).tasks();
  const [last] = stopped;
  if (last !== undefined) return lastPart(last.taskArn ?? "");
  const { app, env, name } = workload;
  throw new UserError(
    "task/not-found",
    `ECS knows no task of ${name} that has stopped: it forgets them after an hour`,
    {
      hint: `pilotfish svc logs -a ${app} -n ${name} -e ${env} --since 3h`,
    },
  );
}

function noGroup({ group }: LogSource, { app, env, name }: LogsRequest, cause: unknown): UserError {
  return new UserError("logs/not-found", `there is no log group ${group}`, {
    hint: `pilotfish svc show -a ${shellWord(app)} -n ${shellWord(name)} --resources    (names what ${name} has in ${env})`,
    cause,
  });
}
