import { resolve } from "node:path";
import type { ImageBuild } from "../plan/workload-plan.ts";
import type { ImageToBuild } from "./build-image.ts";

/** Which of Docker's builders a client can use. */
export type Builder = "buildx" | "classic";

/** The arguments of `docker` that build an image and write its id to a file. Every value is one argument, joined to its
 *  flag or an absolute path, so that nothing a manifest says is taken for a flag. */
export function buildCommand(builder: Builder, image: ImageToBuild, root: string, idFile: string): string[] {
  const { dockerfile, context, args, target, cacheFrom, platform } = image.build;
  return [
    ...(builder === "buildx" ? ["buildx", "build", "--load", "--progress=plain"] : ["build", "--force-rm"]),
    `--platform=${platform}`,
    `--file=${resolve(root, dockerfile)}`,
    `--iidfile=${idFile}`,
    ...(target === undefined ? [] : [`--target=${target}`]),
    ...Object.entries(args).map(([name, value]) => `--build-arg=${name}=${value}`),
    ...cacheFrom.map((reference) => `--cache-from=${reference}`),
    ...Object.entries(image.labels).map(([name, value]) => `--label=${name}=${value}`),
    resolve(root, context),
  ];
}

/** The command that builds an image anew without the builder's cache, to be pasted into a shell. */
export function rebuildCommand({ dockerfile, context, args, target, platform }: ImageBuild): string {
  const words = [
    "docker",
    "build",
    "--no-cache",
    `--platform=${platform}`,
    `--file=${dockerfile}`,
    ...(target === undefined ? [] : [`--target=${target}`]),
    ...Object.entries(args).map(([name, value]) => `--build-arg=${name}=${value}`),
    context,
  ];
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(" ");
}

/** What the builders read from the environment. An attestation would turn the image into an index of several. */
export const buildEnvironment: Record<Builder, Record<string, string>> = {
  buildx: { BUILDX_NO_DEFAULT_ATTESTATIONS: "1" },
  classic: { DOCKER_BUILDKIT: "0" },
};
