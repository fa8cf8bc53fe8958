import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { UserError, type Place } from "../errors.ts";
import type { ImageBuild } from "../plan/workload-plan.ts";
import { buildCommand, rebuildCommand, buildEnvironment, type Builder } from "./build-command.ts";
import { docker, type DockerContext } from "./docker.ts";
import { hideBuilderNotice } from "./hide-builder-notice.ts";
import { isForPlatform, platformOf, type ImagePlatform } from "./platform.ts";

export interface ImageToBuild {
  build: ImageBuild;
  /** `app/service`. */
  repository: string;
  /** The image gets all of them; the last one is what its name says. */
  tags: string[];
  labels: Record<string, string>;
  /** Where the manifest asks for it. */
  place?: Place;
}

export interface BuildContext extends DockerContext {
  root: string;
  /** The folder that shown paths start from. */
  cwd: string;
  /** Every line that the builder prints. */
  onLine: (line: string) => void;
}

export interface BuiltImage {
  name: string;
  id: string;
}

/** Builds an image, makes sure that it is for the platform asked for, and only then gives it its tags.
 *  @throws UserError image/docker-missing, image/build-failed, image/wrong-architecture, engine/unreachable, interrupted */
export async function buildImage(image: ImageToBuild, context: BuildContext): Promise<BuiltImage> {
  await requireFiles(image, context.root);
  const builder = await findBuilder(context);
  const id = await buildWith(builder, image, context);
  await requirePlatform(id, image, context);
  const names = image.tags.map((tag) => `${image.repository}:${tag}`);
  for (const name of names) {
    const { ok } = await docker(["tag", id, name], context);
    if (!ok) throw new UserError("image/build-failed", `${name} is no name that Docker gives to an image`);
  }
  return { name: names.at(-1) ?? id, id };
}

async function requireFiles({ build, place }: ImageToBuild, root: string): Promise<void> {
  const refuse = (message: string) =>
    new UserError("image/build-failed", message, { place, hint: "paths in a manifest start at the workspace's root" });
  const context = await stat(resolve(root, build.context)).catch(() => undefined);
  if (!context?.isDirectory()) throw refuse(`the build context ${build.context} is not a folder`);
  const dockerfile = await stat(resolve(root, build.dockerfile)).catch(() => undefined);
  if (!dockerfile?.isFile()) throw refuse(`there is no Dockerfile ${build.dockerfile}`);
}

async function findBuilder(context: BuildContext): Promise<Builder> {
  const { ok } = await docker(["buildx", "version"], context);
  return ok ? "buildx" : "classic";
}

/** What the classic builder says when an image, anybody's, is removed while it looks through its cache or stands on what it found
 *  there. */
const lostFromCache =
  /(unable to find image|failed to get digest|failed to get destination image|unknown parent image ID|no such image:) "?sha256:[0-9a-f]{64}|^layer does not exist$/i;
const attempts = 5;

async function buildWith(builder: Builder, image: ImageToBuild, context: BuildContext): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const { id, lines } = await runBuilder(builder, image, context);
    if (id !== undefined) return id;
    const again = attempt < attempts && lines.some((line) => lostFromCache.test(line));
    if (!again) throw await buildFailed(image, lines, context);
    context.onLine("an image was removed meanwhile: building again");
  }
}

async function runBuilder(
  builder: Builder,
  image: ImageToBuild,
  context: BuildContext,
): Promise<{ id: string | undefined; lines: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), "pilotfish-build-"));
  try {
    const idFile = join(folder, "id");
    const lines: string[] = [];
    const keep = (raw: string) => {
      // The classic builder paints what a step writes to stderr, also when nobody asked for colours.
      const line = stripVTControlCharacters(raw);
      lines.push(line);
      context.onLine(line);
    };
    const withoutNotice = hideBuilderNotice(keep);
    const { ok } = await docker(buildCommand(builder, image, context.root, idFile), context, {
      folder: context.root,
      env: buildEnvironment[builder],
      onLine: (line, stream) => (stream === "stderr" ? withoutNotice(line) : keep(line)),
    });
    return { id: ok ? (await readFile(idFile, "utf8")).trim() : undefined, lines };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function buildFailed({ build }: ImageToBuild, lines: string[], context: BuildContext): Promise<UserError> {
  const engine = await docker(["version", "--format", "{{.Server.Version}}"], context);
  if (!engine.ok) {
    return new UserError("engine/unreachable", "no Docker Engine answers", {
      hint: "start Docker; `docker version` shows whether it answers",
      details: lines.slice(-5),
    });
  }
  const path = resolve(context.root, build.dockerfile);
  return new UserError("image/build-failed", `the image of ${build.container} could not be built`, {
    place: { file: relative(context.cwd, path) },
    details: lines.filter((line) => line.trim() !== "").slice(-20),
    hint: "the last lines of the build say what is wrong",
  });
}

async function requirePlatform(id: string, { build }: ImageToBuild, context: BuildContext): Promise<void> {
  const { ok, stdout } = await docker(["image", "inspect", "--format", "{{json .}}", id], context);
  if (!ok) throw new UserError("image/build-failed", `the image ${id} was removed right after it had been built`);
  const platform = JSON.parse(stdout) as ImagePlatform;
  if (isForPlatform(platform, build.platform)) return;
  const shown = (path: string) => relative(context.cwd, resolve(context.root, path)) || ".";
  const message = `the image is for ${platformOf(platform)}, but ${build.platform} was asked for`;
  throw new UserError("image/wrong-architecture", message, {
    place: { file: shown(build.dockerfile) },
    details: [
      "Either its base image is for another platform, or the builder took layers of another platform from its cache.",
    ],
    hint: rebuildCommand({ ...build, dockerfile: shown(build.dockerfile), context: shown(build.context) }),
  });
}
