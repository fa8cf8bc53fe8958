import type { Draft } from "./draft.ts";
import { eventTexts } from "./event-texts.ts";
import { countFailure } from "./failures.ts";
import { targetGroupArn } from "./names.ts";
import type { Task } from "./state.ts";
import { stopTask } from "./task-life.ts";

/** Stops tasks because fewer are wanted. */
export function stopAndTell(draft: Draft, serviceId: string, tasks: readonly Task[]): void {
  tell(draft, serviceId, tasks);
  for (const { id, deploymentId } of tasks)
    stopTask(draft, id, "ServiceSchedulerInitiated", `Scaling activity initiated by (deployment ${deploymentId})`);
}

/** Stops a task because of its health; this counts as a failure of its deployment. */
export function stopUnhealthy(draft: Draft, serviceId: string, task: Task): void {
  const name = draft.service(serviceId)?.name ?? "";
  const target = task.targets.find(({ state }) => state === "unhealthy");
  const group = targetGroupArn(target?.targetGroup ?? "");
  draft.tell(
    serviceId,
    target === undefined
      ? eventTexts.unhealthyContainers(name, task.id)
      : eventTexts.unhealthy(name, task.id, target.containerPort, group, target.description ?? target.reason ?? ""),
  );
  tell(draft, serviceId, [task]);
  const reason =
    target === undefined
      ? "Task failed container health checks"
      : `Task failed ELB health checks in (target-group ${group})`;
  stopTask(draft, task.id, "ServiceSchedulerInitiated", reason);
  countFailure(draft, task, "unhealthy");
}

function tell(draft: Draft, serviceId: string, tasks: readonly Task[]): void {
  const name = draft.service(serviceId)?.name ?? "";
  const running = tasks.filter(({ lastStatus }) => lastStatus === "RUNNING").map(({ id }) => id);
  const pending = tasks.length - running.length;
  if (running.length > 0) draft.tell(serviceId, eventTexts.stoppedRunning(name, running));
  if (pending > 0) draft.tell(serviceId, eventTexts.stoppedPending(name, pending));
}
