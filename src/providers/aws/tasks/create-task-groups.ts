import type { TaskGroups } from "../../task-groups.ts";
import type { ReadingTools } from "../services/find-workload.ts";
import { stopTasks } from "./group-tasks.ts";
import { listGroups } from "./list-groups.ts";
import { openNetwork } from "./open-place.ts";
import { startTasks } from "./start-tasks.ts";

/** Groups of one-off tasks on Fargate. What a group is to run is what its stack says. */
export function createTaskGroups(tools: ReadingTools): TaskGroups {
  return {
    check: async (place) => void (await openNetwork(place, tools)),
    start: (request, signal) => startTasks(request, tools, signal),
    stop: (group, signal) => stopTasks(group, tools, signal),
    list: (place) => listGroups(place, tools),
    exec: async (request, signal) => (await import("./exec-in-task.ts")).execInTask(request, tools, signal),
  };
}
