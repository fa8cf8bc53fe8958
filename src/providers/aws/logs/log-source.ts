import type { AwsSession } from "../session.ts";

/** Streams of one log group of CloudWatch, and what their names say. */
export interface LogSource {
  session: AwsSession;
  group: string;
  /** The beginnings of the streams' names. */
  prefixes: readonly string[];
  /** A filter pattern of CloudWatch Logs. */
  filter?: string;
  /** Whose stream it is. */
  writerOf(stream: string, message: string): { task: string; container: string };
  /** Milliseconds since the epoch, before which nothing is of interest. */
  since?: number;
  /** Absent: all that is found. */
  keeps?(event: LogEvent): boolean;
}

/** `copilot/CONTAINER/TASK`, as the awslogs driver names streams. */
export function writerOfTaskStream(stream: string): { task: string; container: string } {
  const parts = stream.split("/");
  return { task: parts.at(-1) ?? stream, container: parts.at(-2) ?? "" };
}

/** A line as CloudWatch keeps it. */
export interface LogEvent {
  id: string;
  /** Milliseconds since the epoch. */
  at: number;
  stream: string;
  message: string;
}
