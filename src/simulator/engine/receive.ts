import type { Draft } from "./draft.ts";
import type { Input } from "./inputs.ts";
import { deleteService, stopDeployment } from "./service-requests.ts";
import {
  containerExited,
  containerFailed,
  containerHealth,
  containerStarted,
  containerStopped,
  prepareFailed,
  taskIdle,
  taskLost,
  taskPrepared,
  taskRemoved,
} from "./reports.ts";
import { runTasks } from "./run-tasks.ts";
import { targetChecked } from "./targets.ts";
import { stopTask } from "./task-life.ts";
import { updateService } from "./update-service.ts";

/** Takes one input in. What comes late, twice or for something that is gone changes nothing. */
export function receive(draft: Draft, input: Input): void {
  switch (input.type) {
    case "tick":
      return;
    case "set-speed":
      if (Number.isFinite(input.speed) && input.speed > 0) draft.speed = input.speed;
      return;
    case "update-service":
      return updateService(draft, input);
    case "run-tasks":
      return runTasks(draft, input.serviceId, input.count);
    case "stop-deployment":
      return stopDeployment(draft, input.serviceId, input.deploymentId, input.reason);
    case "delete-service":
      return deleteService(draft, input.serviceId);
    case "stop-task":
      return stopTask(draft, input.task, "UserInitiated", input.reason || "Task stopped by user");
    case "task-prepared":
      return taskPrepared(draft, input);
    case "task-prepare-failed":
      return prepareFailed(draft, input);
    case "container-started":
      return containerStarted(draft, input);
    case "container-failed":
      return containerFailed(draft, input);
    case "container-stopped":
      return containerStopped(draft, input);
    case "task-removed":
      return taskRemoved(draft, input.task);
    case "container-exited":
      return containerExited(draft, input);
    case "container-health":
      return containerHealth(draft, input);
    case "task-lost":
      return taskLost(draft, input.task);
    case "target-checked":
      return targetChecked(draft, input.task, input.targetGroup, input.result);
    case "task-idle":
      return taskIdle(draft, input.task);
  }
}
