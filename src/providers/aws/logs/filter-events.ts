import { CloudWatchLogsClient, type FilteredLogEvent, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { LogEvent, LogSource } from "./log-source.ts";

/** Milliseconds since the epoch, both included. */
export interface Range {
  from?: number;
  to?: number;
}

/** The events of a range in the order of their times. However many there are, it holds a page for each beginning of names.
 *  @throws ResourceNotFoundException without the group */
export async function* filterEvents(
  source: LogSource,
  range: Range,
  signal: AbortSignal,
): AsyncGenerator<LogEvent, void, void> {
  const [only, ...others] = source.prefixes;
  if (only === undefined) return;
  if (others.length === 0) return yield* eventsOf(source, only, range, signal);
  const open = source.prefixes.map((prefix) => eventsOf(source, prefix, range, signal));
  const heads = await Promise.all(open.map((events) => events.next()));
  for (;;) {
    const next = heads.reduce<number>((first, { done, value }, i) => {
      const best = heads[first];
      return done || (best !== undefined && !best.done && best.value.at <= (value as LogEvent).at) ? first : i;
    }, -1);
    const head = heads[next];
    if (head === undefined || head.done) return;
    yield head.value;
    heads[next] = await (open[next] as (typeof open)[number]).next();
  }
}

/** Source: CloudWatch Logs API reference, FilterLogEvents: events of several streams come in the order of their times, and a
 *  page may be empty and yet have a next one. */
async function* eventsOf(
  { session, group, filter }: LogSource,
  logStreamNamePrefix: string,
  { from, to }: Range,
  signal: AbortSignal,
): AsyncGenerator<LogEvent, void, void> {
  const client = session.client(CloudWatchLogsClient);
  let nextToken: string | undefined;
  do {
    const request = new FilterLogEventsCommand({
      logGroupName: group,
      logStreamNamePrefix: logStreamNamePrefix || undefined,
      filterPattern: filter,
      startTime: from,
      endTime: to,
      nextToken,
    });
    const page = await client.send(request, { abortSignal: signal });
    yield* (page.events ?? []).map(logEvent).toSorted((a, b) => a.at - b.at);
    nextToken = page.nextToken;
  } while (nextToken !== undefined && !signal.aborted);
}

function logEvent({ eventId, timestamp = 0, logStreamName = "", message = "" }: FilteredLogEvent): LogEvent {
  const id = eventId ?? `${timestamp} ${logStreamName} ${message}`;
  return { id, at: timestamp, stream: logStreamName, message: message.replace(/\r?\n$/, "") };
}
