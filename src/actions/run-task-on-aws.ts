import { createHash } from "node:crypto";
import { readTemplate } from "../cloudformation/read-template.ts";
import {
  taskGroupParameters,
  taskGroupTags,
  taskGroupTemplate,
} from "../cloudformation/task-group/task-group-template.ts";
import { writeTemplate } from "../cloudformation/write-template.ts";
import { UserError } from "../errors.ts";
import { artifactKeys } from "../plan/artifact-keys.ts";
import type { StackDescription, StackPlace } from "../providers/account/stacks.ts";
import type { Repository } from "../providers/account/repositories.ts";
import type { Provider } from "../providers/provider.ts";
import { taskFamily, taskStack } from "../plan/task-group-plan.ts";
import type { TasksOutcome } from "../providers/task-groups.ts";
import { DeploymentLock, type LockTools } from "./deployment-lock.ts";
import { readTaskEnvFile } from "./task-env-file.ts";
import { taskImage } from "./task-image.ts";
import { taskPlaceOnAws } from "./task-place-on-aws.ts";
import type { TaskStory, TaskToRun, TaskTools } from "./task-story.ts";
import { updateStack } from "./update-stack.ts";

type AwsTaskTools = TaskTools & LockTools & { provider: Provider };

/** Runs one-off tasks on AWS: makes the stack of their group, or brings it to what they are to run, brings the image into its
 *  repository, and starts them. Everything that can be checked is, before anything is made.
 *  @throws UserError environment/*, task/*, image/*, stack/*, deploy/busy, aws/*, interrupted */
export async function* runTaskOnAws(
  request: TaskToRun,
  tools: AwsTaskTools,
  signal: AbortSignal,
): AsyncGenerator<TaskStory, TasksOutcome, void> {
  const { plan, place, count, follow } = request;
  const { provider } = tools;
  const { group, app, env, envFile: path } = plan;
  const [envFile, target] = await Promise.all([
    path === undefined ? undefined : readTaskEnvFile(path, tools.cwd),
    provider.target(app !== undefined && env !== undefined ? { app, env } : undefined),
    provider.tasks.check(place),
  ]);
  yield { type: "task-target", group, ...(app !== undefined && { app }), ...(env !== undefined && { env }), target };
  if (envFile !== undefined && envFile.diagnostics.length > 0)
    yield { type: "diagnostics", diagnostics: envFile.diagnostics };
  const lock = place.app === undefined ? undefined : lockOf(group, place, tools);
  try {
    if (lock !== undefined) yield* lock.take(signal);
    yield* defineOnAws(request, envFile?.contents, tools, signal);
    const story = provider.tasks.start({ group, place, count, follow }, signal);
    for (;;) {
      const step = await story.next();
      if (step.done) return step.value;
      // Others may change the group while these tasks run.
      if (step.value.type === "tasks-started") await lock?.release();
      yield step.value;
    }
  } finally {
    await lock?.release();
  }
}

function lockOf(group: string, { app, env }: { app: string; env: string }, tools: LockTools): DeploymentLock {
  return new DeploymentLock({ app, env, workload: taskStack(group) }, "task run", tools);
}

/** Makes the group's stack say what its tasks are to run. */
async function* defineOnAws(
  request: TaskToRun,
  envFile: string | undefined,
  tools: AwsTaskTools,
  signal: AbortSignal,
): AsyncGenerator<TaskStory, void, void> {
  const { plan, place, tag } = request;
  const { account } = tools;
  const { where, executionRoleArn, permissionsBoundary } = await taskPlaceOnAws(place, account);
  const text = writeTemplate(taskGroupTemplate(plan, permissionsBoundary));
  const tags = { ...request.resourceTags, ...taskGroupTags(plan) };
  const name = taskStack(plan.group);
  async function* deploy(values: { image?: string; envFileArn?: string }, deployed: StackDescription | undefined) {
    const parameters = taskGroupParameters(plan, values);
    const stack = { name, text, template: readTemplate(text), parameters, tags };
    const change = { stack, deployed, where, ...(executionRoleArn !== undefined && { executionRoleArn }) };
    const result = yield* updateStack(change, { account }, signal);
    refuseInterrupted(signal, plan.group);
    return result.stack;
  }
  let deployed = await account.stacks.describe(name, where);
  const isBuilt = typeof plan.image !== "string";
  const needed = [...(isBuilt ? ["ECRRepo"] : []), ...(envFile === undefined ? [] : ["S3Bucket"])];
  if (needed.some((output) => deployed?.outputs[output] === undefined))
    deployed = yield* deploy({ image: deployed?.parameters["ContainerImage"] ?? "" }, deployed);
  const image = typeof plan.image === "string" ? plan.image : yield* publish(plan, { tag, where }, tools, signal);
  const envFileArn =
    envFile === undefined || plan.envFile === undefined
      ? undefined
      : await uploadEnvFile(plan.envFile, envFile, { bucket: deployed?.outputs["S3Bucket"] ?? "", where }, tools);
  yield* deploy({ image, ...(envFileArn !== undefined && { envFileArn }) }, deployed);
}

/** Builds the image and brings it into the group's repository. @returns its reference, by digest */
async function* publish(
  plan: TaskToRun["plan"],
  { tag, where }: { tag: string | undefined; where: StackPlace },
  tools: AwsTaskTools,
  signal: AbortSignal,
): AsyncGenerator<TaskStory, string, void> {
  const { account, env, cwd, version, now } = tools;
  const repositories = account.repositoriesAt(where);
  const region = where.region ?? (await account.identity()).region;
  const repository: Repository | undefined = (await repositories.find([taskFamily(plan.group)], region))[
    taskFamily(plan.group)
  ];
  if (repository === undefined)
    throw new UserError("image/repository-not-found", `there is no repository ${taskFamily(plan.group)} in ${region}`, {
      hint: `aws cloudformation describe-stack-events --stack-name ${taskStack(plan.group)}`,
    });
  // Loaded when there is something to build: what runs programs is large.
  const { publishImages } = await import("./publish-images.ts");
  const { images } = yield* publishImages([{ ...taskImage(plan), repository, ...(tag !== undefined && { tag }) }], {
    dockerHost: await tools.dockerHost(),
    env,
    cwd,
    root: cwd,
    version,
    now,
    signal,
    repositories,
    region,
    accounts: [],
  });
  const uri = images[plan.group]?.[plan.group]?.uri;
  if (uri === undefined) throw new Error(`the image of ${plan.group} was neither pushed nor refused`);
  return uri;
}

async function uploadEnvFile(
  path: string,
  body: string,
  { bucket, where }: { bucket: string; where: StackPlace },
  { account }: Pick<AwsTaskTools, "account">,
): Promise<string> {
  const key = artifactKeys.envFile(path, createHash("sha256").update(body).digest("hex"));
  const region = where.region ?? (await account.identity()).region;
  const { managerRoleArn } = where;
  const place = { bucket, region, ...(managerRoleArn !== undefined && { managerRoleArn }) };
  const [uploaded] = await account.artifacts.upload([{ key, body }], place);
  return uploaded?.arn ?? "";
}

function refuseInterrupted(signal: AbortSignal, group: string): void {
  if (!signal.aborted) return;
  throw new UserError("interrupted", `interrupted: no task of ${group} was started`, {
    hint: "what CloudFormation has begun goes on; run the command again",
    exitCode: 130,
  });
}
