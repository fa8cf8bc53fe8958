import type { Place } from "../errors.ts";
import { buildImage, type BuildContext, type BuiltImage } from "../images/build-image.ts";
import { imageLabels } from "../images/image-labels.ts";
import { imageTags } from "../images/image-tags.ts";
import type { ImageBuild, TaskPlan } from "../plan/workload-plan.ts";
import { gitDescription } from "../workspace/git.ts";
import { sideBySide } from "./side-by-side.ts";

/** `workload` stands with all of them when images of several are built at once. */
export type BuildEvent =
  | { type: "build-started"; workload?: string; container: string; dockerfile: string; platform: string }
  | { type: "build-output"; workload?: string; container: string; line: string }
  | { type: "build-finished"; workload?: string; container: string; image: BuiltImage; durationMs: number };

export interface ImagesToBuild {
  plan: Pick<TaskPlan, "app" | "name" | "builds">;
  /** The name of the images on this machine, without a tag; absent: that of a workload. */
  imageName?: string;
  /** For the image of the service's own container. */
  tag?: string;
  /** Where the manifest asks for the image of a container. */
  place?: (container: string) => Place;
}

export interface BuildTools extends Omit<BuildContext, "onLine"> {
  /** Of this program; it becomes a label. */
  version: string;
  now: () => number;
}

/** Builds the images of a plan, all at the same time, and answers them by container. When one cannot be built the others
 *  are given up. @throws UserError usage/invalid-flag and as {@link buildImage} */
export async function* buildImages(
  { plan, imageName, tag, place }: ImagesToBuild,
  tools: BuildTools,
): AsyncGenerator<BuildEvent, Record<string, BuiltImage>, void> {
  const tagsOf = await imageTagsOf(plan, tag, tools.root);
  for (const { container, dockerfile, platform } of plan.builds)
    yield { type: "build-started", container, dockerfile, platform };
  const builds = plan.builds.map((build) => {
    const { container } = build;
    const repository = imageName ?? `${plan.app}/${plan.name}`;
    const image = {
      build,
      repository,
      tags: tagsOf(build),
      labels: imageLabels(container, tools.version, repository),
      place: place?.(container),
    };
    return async (tell: (event: BuildEvent) => void, signal: AbortSignal): Promise<[string, BuiltImage]> => {
      let started = tools.now();
      const onLine = (line: string) => tell({ type: "build-output", container, line });
      const built = await inTurn(stepsOf(build, tools.root), () => {
        started = tools.now();
        return buildImage(image, { ...tools, signal, onLine });
      });
      tell({ type: "build-finished", container, image: built, durationMs: tools.now() - started });
      return [container, built];
    };
  });
  return Object.fromEntries(yield* sideBySide(builds, tools.signal));
}

/** The last of those that have the same steps, by these. */
const turns = new Map<string, Promise<unknown>>();

function stepsOf({ dockerfile, context, args, target, platform }: ImageBuild, root: string): string {
  return JSON.stringify([root, dockerfile, context, args, target, platform]);
}

/** One after the other. Builds that differ in their names alone have the same steps, and Docker's classic builder would make
 *  them twice at the same time; from then on its cache finds now the ones, now the others, and an image without a change would
 *  be another one, and be deployed. */
async function inTurn<Result>(steps: string, build: () => Promise<Result>): Promise<Result> {
  const before = turns.get(steps);
  const own = (async () => {
    await before?.catch(() => undefined);
    return build();
  })();
  turns.set(steps, own);
  try {
    return await own;
  } finally {
    if (turns.get(steps) === own) turns.delete(steps);
  }
}

/** The tags of each image, the most telling one last. @throws UserError usage/invalid-flag */
export async function imageTagsOf(
  plan: Pick<TaskPlan, "name" | "builds">,
  tag: string | undefined,
  root: string,
): Promise<(build: ImageBuild) => string[]> {
  const isMain = ({ container }: ImageBuild) => container === plan.name;
  const needsGit = plan.builds.some((build) => tag === undefined || !isMain(build));
  const description = needsGit ? await gitDescription(root) : undefined;
  const own = imageTags({ tag, gitDescription: description });
  return (build) => (isMain(build) ? own : imageTags({ gitDescription: description, sidecar: build.container }));
}
