import type { TaskGroups } from "../../task-groups.ts";
import type { ReadingTools } from "../services/find-workload.ts";
import { stopTasks } from "./group-tasks.ts";
import { listGroups } from "./list-groups.ts";
import { type OpenNetwork, openNetwork } from "./open-place.ts";
import { startTasks } from "./start-tasks.ts";

/** Groups of one-off tasks on Fargate. What a group is to run is what its stack says. */
export function createTaskGroups(tools: ReadingTools): TaskGroups {
  /** What has been checked need not be asked for again when tasks are started. */
  const checked = new Map<string, OpenNetwork>();
  return {
    async check(place) {
      checked.set(JSON.stringify(place), await openNetwork(place, tools));
    },
    async *start(request, signal) {
      const key = JSON.stringify(request.place);
      const open = checked.get(key) ?? (await openNetwork(request.place, tools));
      checked.delete(key);
      return yield* startTasks(request, open, tools, signal);
    },
    stop: (group, signal) => stopTasks(group, tools, signal),
    list: (place) => listGroups(place, tools),
    exec: async (request, signal) => (await import("./exec-in-task.ts")).execInTask(request, tools, signal),
  };
}
