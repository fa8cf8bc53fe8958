import { posix } from "node:path";
import type { TaskManifest } from "../manifest/load.ts";
import { platformOf } from "../manifest/platform.ts";
import { sortedEntries } from "./names.ts";
import type { ImageBuild } from "./workload-plan.ts";

type Build = NonNullable<TaskManifest["image"]["build"]>;

/** What there is to know of the images of a workload. */
interface Imaged extends Pick<TaskManifest, "name" | "platform" | "sidecars"> {
  image: Pick<TaskManifest["image"], "build" | "location">;
}

/** What is to be built: an image for each container whose manifest does not name a finished one. */
export function imageBuilds(manifest: Imaged): ImageBuild[] {
  const { isWindows, isArm } = platformOf(manifest);
  const platform = `${isWindows ? "windows" : "linux"}/${isArm ? "arm64" : "amd64"}`;
  const { name, image } = manifest;
  const sidecars = sortedEntries(manifest.sidecars).flatMap(([container, sidecar]) =>
    typeof sidecar.image === "object" && sidecar.image.build !== undefined
      ? [imageBuild(container, sidecar.image.build, platform)]
      : [],
  );
  return [...(image.build === undefined ? [] : [imageBuild(name, image.build, platform)]), ...sidecars];
}

function imageBuild(container: string, given: Build, platform: string): ImageBuild {
  const build = typeof given === "string" ? { dockerfile: given } : given;
  return {
    container,
    ...dockerfileAndContext(build),
    args: build.args ?? {},
    ...(build.target !== undefined && { target: build.target }),
    cacheFrom: build.cache_from ?? [],
    platform,
  };
}

/** The finished images that the manifest names, by container. */
export function finishedImages({ name, image, sidecars }: TaskManifest): Record<string, string> {
  const ofSidecars = sortedEntries(sidecars).map(
    ([container, sidecar]) =>
      [container, typeof sidecar.image === "string" ? sidecar.image : sidecar.image.location] as const,
  );
  const all = [[name, image.location] as const, ...ofSidecars];
  return Object.fromEntries(
    all.flatMap(([container, location]) => (location === undefined ? [] : [[container, location]])),
  );
}

/** Each of the two follows from the other: the context is the Dockerfile's folder, the Dockerfile lies in the context. */
export function dockerfileAndContext(given: { dockerfile?: string; context?: string }): {
  dockerfile: string;
  context: string;
} {
  const { dockerfile, context } = given;
  if (dockerfile !== undefined) return { dockerfile, context: context ?? posix.dirname(dockerfile) };
  return context === undefined
    ? { dockerfile: "Dockerfile", context: "." }
    : { dockerfile: posix.join(context, "Dockerfile"), context };
}
