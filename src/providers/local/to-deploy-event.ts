import type { FollowEvent } from "../../simulator/protocol.ts";
import type { DeployEvent } from "../provider.ts";

/** What the simulator tells, in the words that every provider uses. */
export function toDeployEvent(event: FollowEvent): DeployEvent {
  switch (event.type) {
    case "status":
      return { type: "progress", at: iso(event.at), status: event.status, waitingFor: event.waitingFor };
    case "service-event":
      return { type: "service-event", at: iso(event.at), message: event.message };
    case "task-started":
      return { type: "task-started", at: iso(event.at), task: event.task, containers: event.containers };
    case "task-stopped":
      return { type: "task-stopped", at: iso(event.at), task: event.task };
    case "notice":
      return event;
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
