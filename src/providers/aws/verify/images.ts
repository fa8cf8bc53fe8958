import {
  BatchGetImageCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetDownloadUrlForLayerCommand,
} from "@aws-sdk/client-ecr";
import type { Needs } from "../../../plan/needs.ts";
import type { Check, ImageAnswer } from "../../account/verify.ts";
import type { AwsSession } from "../session.ts";
import { fail, checked, ok, skip } from "./check.ts";
import type { Place } from "./place.ts";

type NeededImage = Needs["images"][number];

/** The repository that built images go to, and each finished image with its platform in its own registry. */
export async function checkImages(place: Place): Promise<Check[]> {
  const { needs } = place.request;
  const checks = [
    ...(needs.builds.length > 0 ? [repository(place)] : []),
    ...needs.images.map((one) => image(one, place)),
  ];
  return Promise.all(checks);
}

async function repository({ request: { app, name }, session, record }: Place): Promise<Check> {
  const repositoryName = `${app}/${name}`;
  return checked(repositoryName, async () => {
    const ecr = session.inRegion(record.region).client(ECRClient);
    try {
      await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }));
      return ok(repositoryName, "the repository that the image is pushed to is there");
    } catch (error) {
      if (!isNamed(error, "RepositoryNotFoundException")) throw error;
      return skip(repositoryName, "the repository that the image is pushed to is made with the first deploy");
    }
  });
}

async function image(needed: NeededImage, place: Place): Promise<Check> {
  const subject = `${needed.container} ${needed.image}`;
  return checked(subject, async () => {
    const ecr = parseEcr(needed.image);
    const answer = ecr === undefined ? await place.request.platformsOf(needed.image) : await askEcr(ecr, place.session);
    if ("unknown" in answer) return skip(subject, answer.unknown);
    if ("missing" in answer) return fail(subject, answer.missing, `docker manifest inspect ${needed.image}`);
    if (answer.platforms.length === 0) return ok(subject, "it is there; its platform is not told");
    return answer.platforms.some((each) => each === needed.platform || each.startsWith(`${needed.platform}/`))
      ? ok(subject, needed.platform)
      : fail(
          subject,
          `it is for ${answer.platforms.join(", ")}, and the task runs on ${needed.platform}`,
          `docker manifest inspect ${needed.image}`,
        );
  });
}

interface EcrImage {
  registryId: string;
  region: string;
  repositoryName: string;
  tag?: string;
  digest?: string;
}

const ecrForm =
  /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|[a-z.]+)\/([^:@]+)(?::([\w.-]+))?(?:@(sha256:[0-9a-f]{64}))?$/;

function parseEcr(reference: string): EcrImage | undefined {
  const [, registryId, region, repositoryName, tag, digest] = ecrForm.exec(reference) ?? [];
  if (registryId === undefined || region === undefined || repositoryName === undefined) return undefined;
  return {
    registryId,
    region,
    repositoryName,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

const mediaTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

async function askEcr(
  { registryId, region, repositoryName, tag, digest }: EcrImage,
  session: AwsSession,
): Promise<ImageAnswer> {
  const ecr = session.inRegion(region).client(ECRClient);
  const imageId = digest === undefined ? { imageTag: tag ?? "latest" } : { imageDigest: digest };
  const ask = new BatchGetImageCommand({
    registryId,
    repositoryName,
    imageIds: [imageId],
    acceptedMediaTypes: mediaTypes,
  });
  const answer = await ecr.send(ask).catch((error: unknown) => {
    if (isNamed(error, "RepositoryNotFoundException")) return undefined;
    throw error;
  });
  if (answer === undefined) return { missing: `there is no repository ${repositoryName} in ${region}` };
  const manifest = answer.images?.[0]?.imageManifest;
  if (manifest === undefined)
    return { missing: `${repositoryName} in ${region} holds no image ${digest ?? tag ?? "latest"}` };
  const { manifests, config } = JSON.parse(manifest) as ImageManifest;
  if (manifests !== undefined) return { platforms: manifests.flatMap(({ platform }) => platformText(platform)) };
  if (config?.digest === undefined) return { platforms: [] };
  const { downloadUrl } = await ecr.send(
    new GetDownloadUrlForLayerCommand({ registryId, repositoryName, layerDigest: config.digest }),
  );
  const platform = await fetch(downloadUrl ?? "", { signal: AbortSignal.timeout(10_000) })
    .then(async (response) => (response.ok ? ((await response.json()) as Platform) : undefined))
    .catch(() => undefined);
  return { platforms: platformText(platform) };
}

interface Platform {
  os?: string;
  architecture?: string;
}

interface ImageManifest {
  manifests?: { platform?: Platform }[];
  config?: { digest?: string };
}

/** What stands beside images in an index, such as attestations, is for no platform. */
function platformText({ os, architecture }: Platform = {}): string[] {
  return os === undefined || architecture === undefined || os === "unknown" ? [] : [`${os}/${architecture}`];
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
