/** A line as a runtime reports it. */
export interface LogLineOfTask {
  serviceId: string;
  task: string;
  container: string;
  stream: "stdout" | "stderr";
  /** Milliseconds since the epoch, greater than that of the container's line before. */
  at: number;
  message: string;
}

/** What one container of a task has printed: files that follow one another. */
export interface LogOfContainer {
  task: string;
  container: string;
  /** Oldest first; the last one may still grow. */
  segments: LogSegment[];
  /** Milliseconds since the epoch. */
  writtenAt: number;
}

export interface LogSegment {
  /** Grows from one to the next. */
  sequence: number;
  file: string;
  bytes: number;
  /** The `at` of its first line. */
  from: number;
  /** Milliseconds since the epoch. */
  writtenAt: number;
}

/** Service → days for which its logs are kept. A service that is not in it has none. */
export type Retention = Record<string, number>;

/** What is kept of a service's logs beside their age. */
export interface LogLimits {
  bytes: number;
  files: number;
  /** A segment that has become so large is followed by the next one. */
  segmentBytes: number;
}

export const logLimits: LogLimits = { bytes: 200e6, files: 4000, segmentBytes: 8 * 2 ** 20 };
