import { posix } from "node:path";
import type { WorkloadManifest } from "../manifest/load.ts";
import type { ImageBuild } from "./workload-plan.ts";

/** What is to be built: one image, or none where the manifest names a finished one. */
export function imageBuilds({ name, image }: WorkloadManifest): ImageBuild[] {
  if (image.build === undefined) return [];
  const build = typeof image.build === "string" ? { dockerfile: image.build } : image.build;
  return [
    {
      container: name,
      ...dockerfileAndContext(build),
      args: build.args ?? {},
      ...(build.target !== undefined && { target: build.target }),
      cacheFrom: build.cache_from ?? [],
      platform: "linux/amd64",
    },
  ];
}

/** Each of the two follows from the other: the context is the Dockerfile's folder, the Dockerfile lies in the context. */
function dockerfileAndContext(given: { dockerfile?: string; context?: string }): {
  dockerfile: string;
  context: string;
} {
  const { dockerfile, context } = given;
  if (dockerfile !== undefined) return { dockerfile, context: context ?? posix.dirname(dockerfile) };
  return context === undefined
    ? { dockerfile: "Dockerfile", context: "." }
    : { dockerfile: posix.join(context, "Dockerfile"), context };
}
