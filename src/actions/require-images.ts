import { shellWord, UserError } from "../errors.ts";
import type { Account } from "../providers/account.ts";
import type { ImageReference, WorkloadRef } from "../providers/provider.ts";
import type { DeployStory } from "./deploy-workload.ts";
import type { HistoryEntry } from "./past-deployments.ts";

interface Given {
  text: string;
  parameters: Readonly<Record<string, string>>;
}

/** Looks whether the images that a former deployment ran are still in the application's registry, before anything is
 *  changed. A tag that has been given to another image since is a notice. Images of other registries are not looked at.
 *  @throws UserError image/gone */
export async function* requireImages(
  workload: WorkloadRef,
  { images, revision, at, commit }: HistoryEntry,
  stack: Given,
  { repositories }: Pick<Account, "repositories">,
): AsyncGenerator<DeployStory, void, void> {
  for (const [container, image] of Object.entries(images)) {
    const ecr = inEcr(image);
    if (ecr === undefined) continue;
    const { name, region, host, tag, digest } = ecr;
    const repository = (await repositories.find([name], region))[name];
    // One of another account is its owner's.
    if (repository !== undefined && !repository.uri.startsWith(`${host}/`)) continue;
    const byDigest = digest !== undefined && (tag === undefined || isNamedIn(stack, digest));
    const asked = byDigest ? { tags: [], digests: [digest] } : { tags: [tag ?? "latest"], digests: [] };
    const [found] = repository === undefined ? [] : await repositories.images(repository, asked);
    if (found === undefined) throw gone(workload, { container, image, what: revision ?? at, commit });
    if (!byDigest && digest !== undefined && found.digest !== digest)
      yield {
        type: "notice",
        code: "history/image-moved",
        message: `${image.name} is another image by now: ${found.digest.slice(0, 19)}, and was ${digest.slice(0, 19)}`,
      };
  }
}

function isNamedIn({ text, parameters }: Given, digest: string): boolean {
  return text.includes(digest) || Object.values(parameters).some((value) => value.includes(digest));
}

interface EcrImage {
  host: string;
  region: string;
  name: string;
  tag?: string;
  digest?: string;
}

const ecrForm =
  /^(\d{12}\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.[a-z.]+)\/([^:@]+)(?::([\w.-]+))?(?:@(sha256:[0-9a-f]{64}))?$/;

function inEcr({ name: reference, id }: ImageReference): EcrImage | undefined {
  const [, host, region, name, tag, written] = ecrForm.exec(reference) ?? [];
  if (host === undefined || region === undefined || name === undefined) return undefined;
  const digest = written ?? id;
  return { host, region, name, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

interface Gone {
  container: string;
  image: ImageReference;
  what: number | string;
  commit: string | undefined;
}

function gone({ app, env, name }: WorkloadRef, { container, image, what, commit }: Gone): UserError {
  const again = `pilotfish svc deploy -n ${shellWord(name)} -e ${shellWord(env)}`;
  const isClean = commit !== undefined && !commit.endsWith("+");
  const digest = image.id === undefined || image.name.includes("@") ? "" : `@${image.id}`;
  return new UserError(
    "image/gone",
    `the image of ${container} in revision ${what} of ${name} is not in the registry any more: ${image.name}${digest}`,
    {
      details: ["Nothing was changed."],
      hint: isClean
        ? `git switch --detach ${shellWord(commit)} && ${again}`
        : `pilotfish svc history -a ${app} -n ${shellWord(name)} -e ${shellWord(env)}`,
    },
  );
}
