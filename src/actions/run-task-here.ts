import { UserError } from "../errors.ts";
import type { ImageReference, LocalProvider, ProviderTarget } from "../providers/provider.ts";
import type { TasksOutcome } from "../providers/task-groups.ts";
import { readTaskEnvFile } from "./task-env-file.ts";
import { taskImage } from "./task-image.ts";
import type { TaskStory, TaskToRun, TaskTools } from "./task-story.ts";

type LocalTaskTools = TaskTools & { provider: LocalProvider };

/** Runs one-off tasks on the simulator, in one of its environments.
 *  @throws UserError environment/not-found, task/*, image/*, engine/*, simulator/*, interrupted */
export async function* runTaskHere(
  request: TaskToRun,
  tools: LocalTaskTools,
  signal: AbortSignal,
): AsyncGenerator<TaskStory, TasksOutcome, void> {
  const { plan, place, count, follow } = request;
  const { provider } = tools;
  const { group, app, env, envFile: path } = plan;
  const envFile = path === undefined ? undefined : await readTaskEnvFile(path, tools.cwd);
  await provider.tasks.check(place);
  const target = await provider.target();
  yield { type: "task-target", group, ...(app !== undefined && { app }), ...(env !== undefined && { env }), target };
  if (envFile !== undefined && envFile.diagnostics.length > 0)
    yield { type: "diagnostics", diagnostics: envFile.diagnostics };
  const left = leftOut(request);
  if (left.length > 0)
    yield {
      type: "notice",
      code: "left-out/task",
      message: `${left.join(", ")}: of no effect, since the simulator has nothing of the kind`,
    };
  const image = yield* imageOf(request, target, tools, signal);
  if (signal.aborted)
    throw new UserError("interrupted", `interrupted: no task of ${group} was started`, { exitCode: 130 });
  await provider.tasks.define({ plan, place, image, ...(envFile && { envFile: envFile.contents }) });
  return yield* provider.tasks.start({ group, place, count, follow }, signal);
}

function leftOut({ plan, place, resourceTags }: TaskToRun): string[] {
  return [
    ...(plan.taskRole === undefined ? [] : ["--task-role"]),
    ...(plan.executionRole === undefined ? [] : ["--execution-role"]),
    ...(place.securityGroups === undefined ? [] : ["--security-groups"]),
    ...(resourceTags === undefined ? [] : ["--resource-tags"]),
  ];
}

async function* imageOf(
  { plan, tag }: TaskToRun,
  { runtime }: ProviderTarget,
  tools: LocalTaskTools,
  signal: AbortSignal,
): AsyncGenerator<TaskStory, ImageReference, void> {
  if (typeof plan.image === "string") return { name: plan.image };
  if (runtime?.startsWith("simulated")) {
    const message = "no image is built: the simulated runtime runs no containers";
    yield { type: "notice", code: "image/not-built", message };
    return { name: `${taskImage(plan).imageName}:latest` };
  }
  const { env, cwd, version, now } = tools;
  // Loaded when there is something to build: what runs programs is large.
  const { buildImages } = await import("./build-images.ts");
  const built = yield* buildImages(
    { ...taskImage(plan), ...(tag !== undefined && { tag }) },
    { dockerHost: await tools.dockerHost(), env, cwd, version, now, signal, root: cwd },
  );
  const image = built[plan.group];
  if (image === undefined) throw new Error(`the image of ${plan.group} was neither built nor refused`);
  return image;
}
