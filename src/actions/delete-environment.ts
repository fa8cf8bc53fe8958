import { readTemplate } from "../cloudformation/read-template.ts";
import { shellWord, UserError } from "../errors.ts";
import type { Account } from "../providers/account.ts";
import type { EnvironmentRecord } from "../providers/account/records.ts";
import type { StackDescription, StackPlace } from "../providers/account/stacks.ts";
import type { EnvironmentRef } from "../providers/provider.ts";
import { refuseInterrupted } from "./delete-from-environment.ts";
import type { DeployStory } from "./deploy-workload.ts";
import { DeploymentLock, type LockTools } from "./deployment-lock.ts";
import { taskGroupOf } from "../plan/task-group-plan.ts";
import { placeOf } from "./environment-ready.ts";
import { deleteTaskStack } from "./delete-task-stack.ts";
import { leaveRegion } from "./leave-region.ts";
import { environmentNotOnAws } from "./manifest-in-account.ts";
import { pipelineStacks } from "./pipeline-stacks.ts";
import { removeEnvironmentDomain } from "./remove-domain.ts";

/** An environment on AWS, and what of it goes. */
export interface EnvironmentToDelete {
  record: EnvironmentRecord;
  /** Names of the stacks of one-off tasks that run in it. */
  tasks: string[];
}

/** What {@link deleteEnvironment} would remove.
 *  @throws UserError environment/not-found; environment/in-use while workloads are deployed there or a pipeline deploys to it */
export async function environmentToDelete(
  { app, env }: EnvironmentRef,
  { account }: { account: Account },
): Promise<EnvironmentToDelete> {
  const record = await account.records.environment(app, env);
  if (record === undefined) throw environmentNotOnAws(app, env);
  const { where } = await placeToRemove(record, account);
  const [stacks, pipelines] = await Promise.all([
    account.stacks.listByTags({ "copilot-application": app, "copilot-environment": env }, where),
    pipelineStacks(app, account),
  ]);
  const names = stacks.flatMap(({ tags }) => tags["copilot-service"] ?? []).toSorted();
  const [first] = names;
  if (first !== undefined) throw await workloadsInUse({ app, env }, [first, ...names.slice(1)], account);
  const templates = pipelines.map(async (stack) => ({ ...stack, text: await account.stacks.template(stack.name, {}) }));
  const pipeline = (await Promise.all(templates)).find(({ text }) => hasStage(text, env));
  if (pipeline !== undefined)
    throw new UserError("environment/in-use", `the pipeline ${pipeline.tags["copilot-pipeline"]} deploys to ${env}`, {
      hint: `aws cloudformation delete-stack --stack-name ${shellWord(pipeline.name)}    (or deploy it without that stage)`,
    });
  return { record, tasks: stacks.flatMap(({ name, tags }) => (tags["copilot-task"] === undefined ? [] : [name])) };
}

/** Whether a pipeline's template has the stage that Copilot calls so. */
function hasStage(template: string, env: string): boolean {
  const after = template.split(`DeployTo-${env}`).slice(1);
  return after.some((rest) => !/^[\w-]/.test(rest));
}

async function workloadsInUse(
  { app, env }: EnvironmentRef,
  names: [string, ...string[]],
  { records }: Pick<Account, "records">,
): Promise<UserError> {
  const [first] = names;
  const record = (await records.listWorkloads(app)).find(({ name }) => name === first);
  const group = record?.type === "Scheduled Job" ? "job" : "svc";
  return new UserError("environment/in-use", `workloads of ${app} are deployed to ${env}: ${names.join(", ")}`, {
    hint: `pilotfish ${group} delete --app ${shellWord(app)} --name ${shellWord(first)} --env ${shellWord(env)}`,
  });
}

/** Removes an environment from AWS: what lies outside of its stack, the stack, the two roles that the stack leaves, its region
 *  when that has no other environment, and last its record, so that a removal that was interrupted is finished by the next one.
 *  @throws UserError deploy/busy, stack/delete-failed, stack-set/*, bucket/not-emptied, repository/not-emptied, interrupted */
export async function* deleteEnvironment(
  { record, tasks }: EnvironmentToDelete,
  tools: LockTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, void, void> {
  const { account } = tools;
  const { app, name: env, managerRoleARN, executionRoleARN } = record;
  const what = `environment ${env}`;
  const lock = new DeploymentLock({ app, env }, "env delete", tools);
  try {
    yield* lock.take(signal);
    const { where, stack } = await placeToRemove(record, account);
    const executionRoleArn = executionRoleARN;
    for (const task of tasks) {
      // The cluster stays as long as a task runs in it.
      if (stack !== undefined) await account.tasks.stop({ group: taskGroupOf(task), place: { app, env } }, signal);
      yield* deleteTaskStack({ stack: task, env, where, executionRoleArn }, { account }, signal);
      refuseInterrupted(signal, what);
    }
    if (stack !== undefined) {
      yield* removeEnvironmentDomain(await account.facts.ofEnvironment({ app, env }), account, signal);
      refuseInterrupted(signal, what);
      yield* retainRoles(stack, { where, executionRoleArn: executionRoleARN }, account, signal);
      yield* account.stacks.delete({ name: stack.name, where, executionRoleArn: executionRoleARN }, signal);
    }
    refuseInterrupted(signal, what);
    yield* deleteRoles([executionRoleARN, managerRoleARN], record, account);
    yield* leaveRegion(record, { account }, signal);
    refuseInterrupted(signal, what);
    await account.records.deleteEnvironment(app, env);
    yield { type: "deleted", what: "environment", name: env };
  } finally {
    await lock.release();
  }
}

/** Where the environment's stack is asked for. Its manager's role goes before its record: who finishes what was interrupted
 *  then has their own rights alone, which are enough in the same account. */
async function placeToRemove(
  record: EnvironmentRecord,
  { stacks, identity }: Pick<Account, "stacks" | "identity">,
): Promise<{ where: StackPlace; stack: StackDescription | undefined }> {
  const { where } = placeOf({ environment: record });
  const name = `${record.app}-${record.name}`;
  try {
    return { where, stack: await stacks.describe(name, where) };
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== "aws/denied") throw error;
    const { account } = await identity();
    const own: StackPlace = { region: record.region };
    const isGone = account === record.accountID && (await stacks.describe(name, own)) === undefined;
    if (!isGone) throw error;
    return { where: own, stack: undefined };
  }
}

/** The stack is deleted with the role that is in it, by the other one: both have to stay until it is gone. Stacks from the
 *  first days of Copilot do not say so. */
async function* retainRoles(
  { name, tags }: StackDescription,
  place: { where: StackPlace; executionRoleArn: string },
  { stacks }: Pick<Account, "stacks">,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, void, void> {
  const text = await stacks.template(name, place.where);
  const template = readTemplate(text);
  const roles = ["CloudformationExecutionRole", "EnvironmentManagerRole"] as const;
  const loose = roles.filter((id) => template.Resources[id] !== undefined && !isRetained(template.Resources[id]));
  if (loose.length === 0) return;
  const held = loose.map((id) => [id, { ...template.Resources[id], DeletionPolicy: "Retain" }] as const);
  const Resources = { ...template.Resources, ...Object.fromEntries(held) };
  const update = {
    name,
    text: JSON.stringify({ ...template, Resources }),
    parameters: {},
    keepsParameters: true,
    tags,
  };
  yield* stacks.deploy({ ...update, ...place, whenBusy: "wait" }, signal);
}

function isRetained(role: { DeletionPolicy?: unknown } | undefined): boolean {
  return role?.DeletionPolicy === "Retain";
}

/** A role that is left is told: it costs nothing, and the next environment of that name needs its place. */
async function* deleteRoles(
  arns: readonly string[],
  { region, managerRoleARN }: EnvironmentRecord,
  { roles }: Pick<Account, "roles">,
): AsyncGenerator<DeployStory, void, void> {
  const names = arns.map((arn) => arn.slice(arn.lastIndexOf("/") + 1));
  const left = await roles.delete(names, { region, managerRoleArn: managerRoleARN });
  for (const name of names) {
    const problem = left[name];
    if (problem === undefined) yield { type: "deleted", what: "role", name };
    else
      yield {
        type: "notice",
        code: "role/left",
        message: `the role ${name} is left (${problem}); delete it: aws iam delete-role --role-name ${name}`,
      };
  }
}
