import { UserError } from "../../../errors.ts";
import { taskGroupName } from "../../../simulator/protocol.ts";
import type { TaskEnvironment, TaskGroupRef, TaskPlace } from "../../task-groups.ts";

/** Where the simulator keeps a task group. */
export function groupId({ group, place }: TaskGroupRef): string {
  const { app, env } = environmentOf(place);
  return `${app}/${env}/${taskGroupName(group)}`;
}

/** @throws UserError task/no-network for a place without an environment: only AWS has such */
export function environmentOf(place: TaskPlace): TaskEnvironment {
  if (place.app !== undefined) return place;
  throw new UserError("task/no-network", "the simulator runs tasks in environments of applications only", {
    hint: "pilotfish task run --app APP --env local",
  });
}
