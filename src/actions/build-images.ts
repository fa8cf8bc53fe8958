import type { Place } from "../errors.ts";
import { buildImage, type BuildContext, type BuiltImage } from "../images/build-image.ts";
import { imageLabels } from "../images/image-labels.ts";
import { imageTags } from "../images/image-tags.ts";
import type { WorkloadPlan } from "../plan/workload-plan.ts";
import { gitDescription } from "../workspace/git.ts";

export type BuildEvent =
  | { type: "build-started"; container: string; dockerfile: string; platform: string }
  | { type: "build-output"; container: string; line: string }
  | { type: "build-finished"; container: string; image: BuiltImage; durationMs: number };

export interface ImagesToBuild {
  plan: WorkloadPlan;
  tag?: string;
  /** Where the manifest asks for the image. */
  place?: Place;
}

export interface BuildTools extends Omit<BuildContext, "onLine"> {
  /** Of this program; it becomes a label. */
  version: string;
  now: () => number;
}

/** Builds the images of a plan one after the other and answers them by container.
 *  @throws UserError usage/invalid-flag and as {@link buildImage} */
export async function* buildImages(
  { plan, tag, place }: ImagesToBuild,
  tools: BuildTools,
): AsyncGenerator<BuildEvent, Record<string, BuiltImage>, void> {
  const images: Record<string, BuiltImage> = {};
  const description = plan.builds.length === 0 || tag !== undefined ? undefined : await gitDescription(tools.root);
  const tags = imageTags({ tag, gitDescription: description });
  for (const build of plan.builds) {
    const { container, dockerfile, platform } = build;
    const started = tools.now();
    yield { type: "build-started", container, dockerfile, platform };
    const image = yield* withOutput(container, (onLine) =>
      buildImage(
        { build, repository: `${plan.app}/${plan.name}`, tags, labels: imageLabels(container, tools.version), place },
        { ...tools, onLine },
      ),
    );
    yield { type: "build-finished", container, image, durationMs: tools.now() - started };
    images[container] = image;
  }
  return images;
}

/** Turns a build's lines into events, in their order, and lets its result or error through. */
async function* withOutput(
  container: string,
  build: (onLine: (line: string) => void) => Promise<BuiltImage>,
): AsyncGenerator<BuildEvent, BuiltImage, void> {
  const lines: string[] = [];
  let wake = (): void => {};
  let ended = false;
  const result = build((line) => {
    lines.push(line);
    wake();
  }).finally(() => {
    ended = true;
    wake();
  });
  result.catch(() => undefined);
  while (!ended || lines.length > 0) {
    const line = lines.shift();
    if (line !== undefined) yield { type: "build-output", container, line };
    else await new Promise<void>((resolve) => (wake = resolve));
  }
  return result;
}
