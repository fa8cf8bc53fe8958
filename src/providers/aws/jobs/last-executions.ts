import { ResourceNotFoundException } from "@aws-sdk/client-cloudwatch-logs";
import type { JobExecution } from "../../account/jobs.ts";
import { filterEvents } from "../logs/filter-events.ts";
import type { LogSource } from "../logs/log-source.ts";
import { newestEvents } from "../logs/newest-events.ts";
import { executionsInLogs } from "./executions-in-logs.ts";

/** The beginning of the names of the streams that a state machine writes. */
export const stateMachineStreams = "states/";

/** The last executions of a job, newest first, from what its state machine has written into the job's log group: that is
 *  what the environment's manager role may read. Those whose lines are kept no longer are not known any more. */
export async function lastExecutions(
  { session, group }: Pick<LogSource, "session" | "group">,
  most: number,
  now: number,
  signal: AbortSignal,
): Promise<JobExecution[]> {
  const source: LogSource = {
    session,
    group,
    prefixes: [stateMachineStreams],
    writerOf: (stream) => ({ task: stream, container: "" }),
  };
  try {
    const [first] = await newestEvents({ ...source, filter: "ExecutionStarted" }, {}, most, now, signal);
    if (first === undefined) return [];
    const lines = [];
    for await (const event of filterEvents(source, { from: first.at }, signal)) lines.push(event);
    return executionsInLogs(lines).slice(0, most);
  } catch (error) {
    // A group that is not there has kept nothing.
    if (error instanceof ResourceNotFoundException) return [];
    throw error;
  }
}
