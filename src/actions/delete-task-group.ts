import { shellWord, UserError } from "../errors.ts";
import type { LocalProvider, Provider } from "../providers/provider.ts";
import { taskStack } from "../plan/task-group-plan.ts";
import type { TaskGroupRef, TaskPlace } from "../providers/task-groups.ts";
import { refuseInterrupted } from "./delete-from-environment.ts";
import { deleteTaskStack } from "./delete-task-stack.ts";
import type { DeployStory } from "./deploy-workload.ts";
import { DeploymentLock, type LockTools } from "./deployment-lock.ts";
import { taskPlaceOnAws } from "./task-place-on-aws.ts";

/** Removes a group of one-off tasks from AWS: stops those that run, then its images, its files and its stack.
 *  @throws UserError environment/not-found, task/not-found, deploy/busy, stack/delete-failed, interrupted */
export async function* deleteTaskGroup(
  ref: TaskGroupRef,
  tools: LockTools & { provider: Provider },
  signal: AbortSignal,
): AsyncGenerator<DeployStory, void, void> {
  const { group, place } = ref;
  const { account, provider } = tools;
  const { where, executionRoleArn } = await taskPlaceOnAws(place, account);
  const stack = await account.stacks.describe(taskStack(group), where);
  if (stack === undefined) throw noSuchGroup(ref);
  refuseOthers(group, place, stack.tags);
  const lock =
    place.app === undefined
      ? undefined
      : new DeploymentLock({ app: place.app, env: place.env, workload: taskStack(group) }, "task delete", tools);
  try {
    if (lock !== undefined) yield* lock.take(signal);
    const stopped = await provider.tasks.stop(ref, signal);
    if (stopped.length > 0) yield stoppedNotice(group, stopped);
    refuseInterrupted(signal, `task group ${group}`);
    const { env } = place;
    const own = { ...(env !== undefined && { env }), ...(executionRoleArn !== undefined && { executionRoleArn }) };
    yield* deleteTaskStack({ stack: taskStack(group), where, ...own }, tools, signal);
    refuseInterrupted(signal, `task group ${group}`);
  } finally {
    await lock?.release();
  }
}

/** The same on the simulator. @throws UserError task/not-found, interrupted */
export async function* deleteTaskGroupHere(
  ref: TaskGroupRef,
  { provider }: { provider: LocalProvider },
  signal: AbortSignal,
): AsyncGenerator<DeployStory, void, void> {
  const { group, place } = ref;
  if (!(await provider.tasks.list(place)).includes(group)) throw noSuchGroup(ref);
  const stopped = await provider.tasks.stop(ref, signal);
  if (stopped.length > 0) yield stoppedNotice(group, stopped);
  refuseInterrupted(signal, `task group ${group}`);
  await provider.tasks.delete(ref, signal);
  refuseInterrupted(signal, `task group ${group}`);
  yield { type: "deleted", what: "task", ...(place.env !== undefined && { env: place.env }), name: group };
}

function stoppedNotice(group: string, tasks: readonly string[]): DeployStory {
  const which = tasks.map((id) => id.slice(0, 8)).join(", ");
  return { type: "notice", code: "task/stopped", message: `stopped the tasks of ${group} that ran: ${which}` };
}

/** @throws UserError task/not-found for one of no place or of another place than is meant */
export function noSuchGroup({ group, place }: TaskGroupRef): UserError {
  const where = place.app === undefined ? "beside the environments" : `in ${place.env} of ${place.app}`;
  return new UserError("task/not-found", `there is no task group ${group} ${where}`, {
    hint: "pilotfish task run --help",
  });
}

/** Groups of one account and region share their names, whatever environment they are in. */
function refuseOthers(group: string, place: TaskPlace, tags: Readonly<Record<string, string>>): void {
  const { "copilot-application": app, "copilot-environment": env } = tags;
  if (app === place.app && env === place.env) return;
  const other =
    app === undefined || env === undefined ? "--default" : `--app ${shellWord(app)} --env ${shellWord(env)}`;
  const whose = app === undefined ? "no environment" : `${env} of ${app}`;
  throw new UserError("task/not-found", `the task group ${group} belongs to ${whose}`, {
    hint: `pilotfish task delete -n ${shellWord(group)} ${other}`,
  });
}
