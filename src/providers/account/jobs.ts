import type { WorkloadRef } from "../provider.ts";

/** Jobs: state machines that run a task to its end. */
export interface Jobs {
  /** Starts a job now, whatever its schedule says. @throws UserError environment/not-found, service/not-found */
  run(job: WorkloadRef): Promise<{ execution: string; startedAt: string }>;
  /** The last executions that the job's logs tell of, newest first. @throws UserError environment/not-found,
  service/not-found */
  executions(job: WorkloadRef, most: number): Promise<JobExecution[]>;
}

export interface JobExecution {
  /** The execution's name, which AWS makes up. */
  id: string;
  status: "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";
  startedAt: string;
  /** Absent while it runs. */
  stoppedAt?: string;
  /** The ids of its tasks, oldest first: one for each try. */
  tasks: string[];
  /** Why it ended badly, as Step Functions says it. */
  error?: string;
  cause?: string;
}
