import type { TaskGroups } from "../../task-groups.ts";
import type { ReadingTools } from "../services/find-workload.ts";

/** Groups of one-off tasks on Fargate. What a group is to run is what its stack says. What speaks to AWS is loaded when it is
 *  used: EC2's client is large. */
export function createTaskGroups(tools: ReadingTools): TaskGroups {
  return {
    check: async (place) => void (await (await import("./open-place.ts")).openNetwork(place, tools)),
    async *start(request, signal) {
      return yield* (await import("./start-tasks.ts")).startTasks(request, tools, signal);
    },
    stop: async (group, signal) => (await import("./group-tasks.ts")).stopTasks(group, tools, signal),
    list: async (place) => (await import("./list-groups.ts")).listGroups(place, tools),
    exec: async (request, signal) => (await import("./exec-in-task.ts")).execInTask(request, tools, signal),
  };
}
