import { RegistryLogins } from "../images/registry-login.ts";
import type { BuiltImage } from "../images/build-image.ts";
import { type BuildEvent, buildImages, type BuildTools, type ImagesToBuild } from "./build-images.ts";
import { logInForBases } from "./log-in-for-bases.ts";
import { type ImagesToPush, type PushEvent, pushImages, type PushResult, type PushTools } from "./push-images.ts";
import { type Work, sideBySide } from "./side-by-side.ts";

export type PublishTools = BuildTools & Omit<PushTools, "logins">;

/** Builds the images of workloads and brings them into their repositories: all are built at the same time, and when all
 *  are, all are pushed at the same time. Where a build begins with an image of ECR, the docker client is logged in for it.
 *  @throws UserError as {@link buildImages} and {@link pushImages} */
export async function* publishImages(
  workloads: readonly (ImagesToBuild & Pick<ImagesToPush, "repository">)[],
  tools: PublishTools,
): AsyncGenerator<BuildEvent | PushEvent, PushResult, void> {
  const withImages = workloads.filter(({ plan }) => plan.builds.length > 0);
  let opened: Promise<RegistryLogins> | undefined;
  const open = () => (opened ??= RegistryLogins.open(tools));
  try {
    const builds = withImages.flatMap(({ plan }) => plan.builds);
    await logInForBases(builds, { root: tools.root, repositories: tools.repositories, logins: open });
    const logins = await opened;
    const buildTools = { ...tools, env: logins?.context.env ?? tools.env };
    const several = withImages.length > 1;
    const work = withImages.map((each) => building(each, several, buildTools));
    const built = yield* sideBySide(work, tools.signal);
    const toPush = withImages.map(({ plan, tag, repository }, index) => ({
      plan,
      ...(repository && { repository }),
      built: built[index] ?? {},
      ...(tag !== undefined && { tag }),
    }));
    return yield* pushImages(toPush, { ...tools, ...(logins && { logins }) });
  } finally {
    const logins = await opened?.catch(() => undefined);
    await logins?.close();
  }
}

function building(
  images: ImagesToBuild,
  several: boolean,
  tools: BuildTools,
): Work<BuildEvent, Record<string, BuiltImage>> {
  return async (tell, signal) => {
    const story = buildImages(images, { ...tools, signal });
    for (;;) {
      const step = await story.next();
      if (step.done) return step.value;
      tell({ ...step.value, ...(several && { workload: images.plan.name }) });
    }
  };
}
