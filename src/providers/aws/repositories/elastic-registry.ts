import {
  BatchGetImageCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  ImageAlreadyExistsException,
  ImageTagAlreadyExistsException,
  PutImageCommand,
  RepositoryNotFoundException,
  type ImageIdentifier,
} from "@aws-sdk/client-ecr";
import { UserError } from "../../../errors.ts";
import type {
  ReferencesToFind,
  RegistryCredentials,
  RegistryImage,
  Repositories,
  Repository,
  RepositoryToCreate,
} from "../../account/repositories.ts";
import type { AwsSession } from "../session.ts";
import { createRepository, setUpRepository } from "./create-repository.ts";
import { emptyRepository } from "./empty-repository.ts";
import { imageIds } from "./image-ids.ts";
import { readRepository } from "./read-repository.ts";
import { scanFindings } from "./scan-findings.ts";

/** ECR, in whichever region a repository is. */
export class ElasticRegistry implements Repositories {
  readonly #session: AwsSession;

  constructor(session: AwsSession) {
    this.#session = session;
  }

  async find(names: readonly string[], region: string): Promise<Record<string, Repository>> {
    if (names.length === 0) return {};
    const { repositories = [] } = await this.#describe([...new Set(names)], region);
    return Object.fromEntries(
      repositories.map((each) => readRepository(each, region)).map((each) => [each.name, each]),
    );
  }

  /** ECR answers none when one of them is missing; then each is asked for. */
  async #describe(repositoryNames: string[], region: string) {
    const ecr = this.#ecr(region);
    try {
      return await ecr.send(new DescribeRepositoriesCommand({ repositoryNames }));
    } catch (error) {
      if (!(error instanceof RepositoryNotFoundException)) throw error;
      if (repositoryNames.length === 1) return {};
    }
    const each = repositoryNames.map((name) => this.#describeOne(name, region));
    return { repositories: (await Promise.all(each)).flat() };
  }

  async #describeOne(name: string, region: string) {
    try {
      const { repositories = [] } = await this.#ecr(region).send(
        new DescribeRepositoriesCommand({ repositoryNames: [name] }),
      );
      return repositories;
    } catch (error) {
      if (error instanceof RepositoryNotFoundException) return [];
      throw error;
    }
  }

  create(repository: RepositoryToCreate): Promise<Repository> {
    return createRepository(this.#session.inRegion(repository.region), repository);
  }

  setUp(repository: Repository): Promise<void> {
    return setUpRepository(this.#session.inRegion(repository.region), repository);
  }

  empty(name: string, region: string): Promise<number> {
    return emptyRepository(name, this.#session.inRegion(region));
  }

  async login(registry: { region: string } | "public"): Promise<RegistryCredentials> {
    if (registry === "public") return this.#publicLogin();
    const { authorizationData: [data] = [] } = await this.#ecr(registry.region).send(
      new GetAuthorizationTokenCommand({}),
    );
    return readToken(data?.authorizationToken);
  }

  /** The public registry gives its tokens in one region only. Source: Amazon ECR Public user guide, "Registry
   *  authentication". */
  async #publicLogin(): Promise<RegistryCredentials> {
    const { ECRPUBLICClient, GetAuthorizationTokenCommand: GetPublicToken } =
      await import("@aws-sdk/client-ecr-public");
    const { authorizationData } = await this.#session
      .inRegion("us-east-1")
      .client(ECRPUBLICClient)
      .send(new GetPublicToken({}));
    return readToken(authorizationData?.authorizationToken);
  }

  async images(repository: Repository, { tags, digests }: ReferencesToFind): Promise<RegistryImage[]> {
    const byDigest = new Map<string, RegistryImage>();
    const members = new Map<string, RegistryImage>();
    const wanted = [
      ...[...new Set(tags)].map((imageTag) => ({ imageTag })),
      ...[...new Set(digests)].map((imageDigest) => ({ imageDigest })),
    ];
    for (const { imageId, imageManifest = "", imageManifestMediaType } of await this.#batchGet(repository, wanted)) {
      const digest = imageId?.imageDigest ?? "";
      const tag = imageId?.imageTag !== undefined && tags.includes(imageId.imageTag) ? [imageId.imageTag] : [];
      const known = byDigest.get(digest);
      if (known !== undefined) {
        known.tags = [...new Set([...known.tags, ...tag])];
        continue;
      }
      const { ids, members: inside } = imageIds(digest, imageManifest);
      const image = {
        digest,
        tags: tag,
        ids,
        manifest: imageManifest,
        ...(imageManifestMediaType !== undefined && { mediaType: imageManifestMediaType }),
      };
      byDigest.set(digest, image);
      for (const member of inside) members.set(member, image);
    }
    const inside = [...members.keys()].map((imageDigest) => ({ imageDigest }));
    for (const { imageId, imageManifest = "" } of await this.#batchGet(repository, inside)) {
      const digest = imageId?.imageDigest ?? "";
      members.get(digest)?.ids.push(...imageIds(digest, imageManifest).ids);
    }
    return [...byDigest.values()];
  }

  async #batchGet({ name, region, registryId }: Repository, imageIdsOf: ImageIdentifier[]) {
    const batches: ImageIdentifier[][] = [];
    for (let at = 0; at < imageIdsOf.length; at += 100) batches.push(imageIdsOf.slice(at, at + 100));
    const answers = await Promise.all(
      batches.map((batch) =>
        this.#ecr(region).send(
          new BatchGetImageCommand({
            registryId,
            repositoryName: name,
            imageIds: batch,
            acceptedMediaTypes: mediaTypes,
          }),
        ),
      ),
    );
    return answers.flatMap(({ images = [] }) => images);
  }

  async tag(repository: Repository, image: RegistryImage, tag: string): Promise<void> {
    const { name, region, registryId } = repository;
    try {
      await this.#ecr(region).send(
        new PutImageCommand({
          registryId,
          repositoryName: name,
          imageTag: tag,
          imageDigest: image.digest,
          imageManifest: image.manifest,
          ...(image.mediaType !== undefined && { imageManifestMediaType: image.mediaType }),
        }),
      );
    } catch (error) {
      if (error instanceof ImageAlreadyExistsException) return;
      if (!(error instanceof ImageTagAlreadyExistsException)) throw error;
      throw new UserError(
        "image/tag-immutable",
        `the tag ${tag} of ${name} is another image's, and it cannot be moved`,
        {
          hint: "deploy with another --tag",
          cause: error,
        },
      );
    }
  }

  scanFindings(repository: Repository, digest: string, options: { waitMs: number; signal: AbortSignal }) {
    return scanFindings(this.#session.inRegion(repository.region), repository, digest, options);
  }

  #ecr(region: string): ECRClient {
    return this.#session.inRegion(region).client(ECRClient);
  }
}

const mediaTypes = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
];

/** ECR writes user and password as HTTP's Basic scheme does. */
function readToken(token = ""): RegistryCredentials {
  const text = Buffer.from(token, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
