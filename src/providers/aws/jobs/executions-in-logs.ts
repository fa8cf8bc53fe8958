import type { JobExecution } from "../../account/jobs.ts";
import { lastPart } from "../services/arns.ts";

/** How the execution's end is called in its history. */
const ends: Readonly<Record<string, JobExecution["status"]>> = {
  ExecutionSucceeded: "SUCCEEDED",
  ExecutionFailed: "FAILED",
  ExecutionTimedOut: "TIMED_OUT",
  ExecutionAborted: "ABORTED",
};

/** What one line of a state machine's log says. Source: AWS Step Functions Developer Guide, "Using CloudWatch Logs to log
 *  execution history": a line is an event of the history as JSON, with the ARN of its execution. */
interface HistoryLine {
  type: string;
  execution_arn: string;
  details?: { output?: string; error?: string; cause?: string };
}

/** The executions that lines of a state machine's log tell of, newest first. Lines that are none of it are passed over, and
 *  so is an execution whose beginning is not among them. Pure.
 *  @param lines in the order of their times */
export function executionsInLogs(lines: readonly { at: number; message: string }[]): JobExecution[] {
  const found = new Map<string, JobExecution>();
  for (const { at, message } of lines) {
    const line = readLine(message);
    if (line === undefined) continue;
    const id = executionName(line.execution_arn);
    if (line.type === "ExecutionStarted")
      found.set(id, { id, status: "RUNNING", startedAt: new Date(at).toISOString(), tasks: [] });
    const execution = found.get(id);
    if (execution !== undefined) tell(execution, line, at);
  }
  return [...found.values()].toReversed();
}

function tell(execution: JobExecution, { type, details = {} }: HistoryLine, at: number): void {
  if (type === "TaskSubmitted") execution.tasks.push(...tasksIn(details.output));
  const status = ends[type];
  if (status === undefined) return;
  execution.status = status;
  execution.stoppedAt = new Date(at).toISOString();
  if (details.error !== undefined) execution.error = details.error;
  if (details.cause !== undefined) execution.cause = details.cause;
}

/** The name of the execution that a line is of; undefined when it is none of a state machine's. */
export function executionOf(message: string): string | undefined {
  const line = readLine(message);
  return line && executionName(line.execution_arn);
}

function executionName(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}

function readLine(message: string): HistoryLine | undefined {
  const line = parsed(message) as Partial<HistoryLine> | null | undefined;
  if (typeof line?.type !== "string" || typeof line.execution_arn !== "string") return undefined;
  return line as HistoryLine;
}

/** ECS's answer to RunTask. */
function tasksIn(output: string | undefined): string[] {
  const answer = parsed(output ?? "") as { Tasks?: { TaskArn?: string }[] } | null | undefined;
  return (answer?.Tasks ?? []).flatMap(({ TaskArn }) => (TaskArn === undefined ? [] : [lastPart(TaskArn)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
