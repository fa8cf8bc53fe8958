import type { Later } from "./later.ts";
import type { ServiceRequest, TaskPlan } from "./workload-plan.ts";

/** Everything there is to do for a job: a rule of EventBridge starts a state machine, and that one a task. */
export interface ScheduledJobPlan<L = Later> extends TaskPlan<L> {
  type: "Scheduled Job";
  /** What the manifest asks for; a job runs one task at a time all the same. */
  count?: number;
  schedule: {
    /** As EventBridge has it: `rate(…)` or `cron(…)`, in UTC. */
    expression: string;
    /** A job that is run by hand has a rule that is off. */
    isEnabled: boolean;
  };
  stateMachine: {
    /** For all tries together; absent: none. */
    timeoutSeconds?: number;
    retries?: { maxAttempts: number; intervalSeconds: number; backoffRate: number };
    platformVersion: string;
    network: NonNullable<NonNullable<ServiceRequest<L>["networkConfiguration"]>["awsvpcConfiguration"]>;
  };
}
