import { dockerPlatform, type TaskGroupPlan } from "../plan/task-group-plan.ts";
import type { TaskPlan } from "../plan/workload-plan.ts";
import { taskFamily } from "../plan/task-group-plan.ts";

/** What is built for a group of tasks, and what the image is called on this machine. */
export function taskImage(plan: TaskGroupPlan): {
  plan: Pick<TaskPlan, "app" | "name" | "builds">;
  imageName: string;
} {
  const { group, app = "", image, platform } = plan;
  const builds =
    typeof image === "string"
      ? []
      : [{ container: group, ...image, cacheFrom: [], platform: dockerPlatform(platform) }];
  return { plan: { app, name: group, builds }, imageName: taskFamily(group) };
}
