import type { Draft } from "./draft.ts";
import { eventTexts } from "./event-texts.ts";
import type { TargetCheck } from "./inputs.ts";
import { targetGroupArn, targetGroupId } from "./names.ts";
import { targetGroupPlan } from "./plan-facts.ts";
import type { Target, Task } from "./state.ts";

/** Registers the task in every target group of its plan. */
export function registerTargets(draft: Draft, task: Task): void {
  const service = draft.service(task.serviceId);
  for (const group of draft.deploymentOf(task)?.spec.plan.targetGroups ?? []) {
    const id = targetGroupId(task.serviceId, group.key);
    task.targets.push({
      targetGroup: id,
      containerPort: group.containerPort,
      state: "initial",
      reason: "Elb.InitialHealthChecking",
      description: "Initial health checks in progress",
      registeredAt: draft.now,
      successes: 0,
      failures: 0,
    });
    const arn = targetGroupArn(id);
    draft.note(task.serviceId, `registered ${arn}`, (count) => eventTexts.registered(service?.name ?? "", count, arn));
  }
}

/** No new requests from here on. */
export function deregisterTargets(draft: Draft, task: Task, state: "draining" | "unused"): void {
  const service = draft.service(task.serviceId);
  for (const target of task.targets) {
    if (target.state === "unused") continue;
    if (target.state !== "draining") {
      const arn = targetGroupArn(target.targetGroup);
      draft.note(task.serviceId, `deregistered ${arn}`, (count) =>
        eventTexts.deregistered(service?.name ?? "", count, arn),
      );
    }
    target.state = state;
    target.reason = state === "draining" ? "Target.DeregistrationInProgress" : "Target.NotRegistered";
    target.description =
      state === "draining" ? "Target deregistration is in progress" : "Target is not registered to the target group";
  }
}

export function targetChecked(draft: Draft, taskId: string, targetGroup: string, result: TargetCheck): void {
  const task = draft.task(taskId);
  const deployment = task && draft.deploymentOf(task);
  if (task === undefined || deployment === undefined || task.desiredStatus !== "RUNNING") return;
  const at = task.targets.findIndex((target) => target.targetGroup === targetGroup);
  const old = task.targets[at];
  const group = targetGroupPlan(deployment, task.serviceId, targetGroup);
  if (old === undefined || group === undefined) return;
  const next = checked(
    old,
    result,
    group.request.HealthyThresholdCount ?? 5,
    group.request.UnhealthyThresholdCount ?? 2,
  );
  if (next !== old) draft.editTask(taskId).targets[at] = next;
}

/** The target after one more result; itself when nothing about it changed. */
function checked(target: Target, result: TargetCheck, healthyAfter: number, unhealthyAfter: number): Target {
  if (target.state === "draining" || target.state === "unused") return target;
  if (result.ok) {
    if (target.state === "healthy" && target.failures === 0) return target;
    const { reason: _reason, description: _description, ...rest } = target;
    const successes = target.successes + 1;
    if (target.state !== "unhealthy" || successes >= healthyAfter)
      return { ...rest, state: "healthy", successes, failures: 0 };
    return { ...target, successes, failures: 0 };
  }
  if (!result.counts) return target;
  const failures = Math.min(target.failures + 1, unhealthyAfter);
  if (target.state !== "unhealthy" && failures < unhealthyAfter) return { ...target, successes: 0, failures };
  const { reason } = result;
  const description = result.description || descriptions[reason];
  const same = target.state === "unhealthy" && target.reason === reason && target.description === description;
  if (same && target.successes === 0 && target.failures === failures) return target;
  return { ...target, state: "unhealthy", reason, description, successes: 0, failures };
}

const descriptions = {
  "Target.ResponseCodeMismatch": "Health checks failed",
  "Target.Timeout": "Request timed out",
  "Target.FailedHealthChecks": "Health checks failed",
};
