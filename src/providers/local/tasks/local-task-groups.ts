import type { SimulatorClient } from "../../../simulator/client.ts";
import { taskGroupName } from "../../../simulator/protocol.ts";
import type { LocalTaskGroups } from "../../task-groups.ts";
import { execCommand } from "../exec-command.ts";
import { defineTaskGroup } from "./define-task-group.ts";
import { environmentOf, groupId } from "./group-id.ts";
import { startTasks } from "./start-tasks.ts";

/** Task groups of simulated environments. */
export function createLocalTaskGroups(client: SimulatorClient): LocalTaskGroups {
  return {
    check: async (place) => void environmentOf(place),
    define: (definition) => defineTaskGroup(client, definition),
    start: (request, signal) => startTasks(client, request, signal),
    async stop(group, signal) {
      const serviceId = groupId(group);
      const reason = `the task group ${group.group} is deleted`;
      const { tasks } = await client.call("stop-tasks", { serviceId, reason });
      for await (const event of client.stream("follow-service", { serviceId }, signal))
        if (event.type === "status" && !event.status.tasks.some(({ id }) => tasks.includes(id))) break;
      return tasks;
    },
    async list(place) {
      const { app, env } = environmentOf(place);
      return client.call("list-task-groups", { app, env });
    },
    exec(request, signal) {
      const { app, env } = environmentOf(request.place);
      return execCommand(client, { ...request, app, env, name: taskGroupName(request.group) }, signal);
    },
    async delete(group, signal) {
      const serviceId = groupId(group);
      await client.call("delete-service", { serviceId });
      const news = client.stream("follow-service", { serviceId }, signal);
      // Its last task may be gone already.
      for await (const _ of orNothing(news));
    },
  };
}

async function* orNothing<Event>(news: AsyncGenerator<Event, void, void>): AsyncGenerator<Event, void, void> {
  try {
    yield* news;
  } catch (error) {
    if ((error as { code?: unknown }).code !== "service/not-found") throw error;
  }
}
