import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../errors.ts";
import { docker, type DockerContext } from "./docker.ts";
import { isTransient, pushFailure } from "./push-failure.ts";

export interface ImageToPush {
  /** As the Engine calls it. */
  id: string;
  /** Registry and repository: `123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/api`. */
  repository: string;
  /** At least one. */
  tags: readonly string[];
}

export interface PushContext extends DockerContext {
  /** Every line that the client prints. */
  onLine: (line: string) => void;
  /** Milliseconds before each further attempt. */
  pauses?: readonly number[];
}

/** Pushes an image under all of its tags and answers the digest of its manifest. The tag that is given first is pushed
 *  first. @throws UserError image/push-denied, image/push-failed, image/repository-not-found, image/tag-immutable,
 *  image/docker-missing, engine/unreachable, interrupted */
export async function pushImage({ id, repository, tags }: ImageToPush, context: PushContext): Promise<string> {
  let digest: string | undefined;
  for (const tag of tags) {
    const reference = `${repository}:${tag}`;
    const tagged = await collect(["tag", id, reference], context);
    if (!tagged.ok) throw pushFailure(reference, tagged.lines, false);
    digest = await push(reference, id, repository, context);
  }
  if (digest === undefined) throw new Error(`${repository}: no tag to push`);
  return digest;
}

/** What is in a repository under the image's own id: `sha256:…`, when it has been pushed from or pulled to this Engine. */
export async function knownDigests(id: string, repository: string, context: DockerContext): Promise<string[]> {
  const { ok, stdout } = await docker(["image", "inspect", "--format", "{{json .RepoDigests}}", id], context);
  const references = ok ? ((JSON.parse(stdout) as string[] | null) ?? []) : [];
  return references
    .filter((reference) => reference.startsWith(`${repository}@`))
    .map((reference) => reference.slice(repository.length + 1));
}

async function push(reference: string, id: string, repository: string, context: PushContext): Promise<string> {
  const pauses = context.pauses ?? [1_000, 5_000];
  for (let attempt = 0; ; attempt++) {
    const { ok, lines } = await collect(["push", reference], context, context.onLine);
    if (ok) return digestIn(lines) ?? (await digestOf(reference, id, repository, context));
    const pause = pauses[attempt];
    if (pause === undefined || !isTransient(lines)) throw pushFailure(reference, lines, isTransient(lines));
    context.onLine("the registry could not be reached: trying again");
    await sleep(pause, undefined, { signal: context.signal }).catch(() => {
      throw new UserError("interrupted", "interrupted", { exitCode: 130 });
    });
  }
}

/** `v1: digest: sha256:… size: 528` */
function digestIn(lines: readonly string[]): string | undefined {
  return lines
    .map((line) => /\bdigest: (sha256:[0-9a-f]{64})\b/.exec(line)?.[1])
    .findLast((digest) => digest !== undefined);
}

async function digestOf(reference: string, id: string, repository: string, context: PushContext): Promise<string> {
  const digest = (await knownDigests(id, repository, context)).at(-1);
  if (digest !== undefined) return digest;
  throw new UserError("image/push-failed", `${reference} was pushed, but the docker client does not say as what`, {
    hint: `docker image inspect ${reference}`,
  });
}

async function collect(
  args: string[],
  context: DockerContext,
  tell?: (line: string) => void,
): Promise<{ ok: boolean; lines: string[] }> {
  const lines: string[] = [];
  const { ok } = await docker(args, context, {
    onLine: (line) => {
      lines.push(line);
      tell?.(line);
    },
  });
  return { ok, lines };
}
