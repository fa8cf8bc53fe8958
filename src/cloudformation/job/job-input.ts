import type { ScheduledJobPlan } from "../../plan/scheduled-job-plan.ts";
import type { TaskInput } from "../service/service-input.ts";

/** What the parts of a job's template are made from. */
export interface JobInput extends TaskInput {
  plan: ScheduledJobPlan;
}
