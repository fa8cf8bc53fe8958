import { isService, type TaskManifest } from "../manifest/load.ts";
import { planScheduledJob } from "./plan-scheduled-job.ts";
import { planWorkload } from "./plan-workload.ts";
import type { ScheduledJobPlan } from "./scheduled-job-plan.ts";
import type { WorkloadPlan } from "./workload-plan.ts";

/** The plan of what runs as tasks of ECS, told apart by `type`. */
export type TasksPlan = WorkloadPlan | ScheduledJobPlan;

/** @param manifest without errors @throws PlanRefused */
export function planTasks({ manifest, ...rest }: { manifest: TaskManifest; app: string; env: string }): TasksPlan {
  return isService(manifest) ? planWorkload({ manifest, ...rest }) : planScheduledJob({ manifest, ...rest });
}

/** Whether a plan is of what runs as a service of ECS. */
export function isServicePlan(plan: TasksPlan): plan is WorkloadPlan {
  return plan.type !== "Scheduled Job";
}
