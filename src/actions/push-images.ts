import type { BuiltImage } from "../images/build-image.ts";
import { knownDigests, pushImage } from "../images/push-image.ts";
import { RegistryLogins } from "../images/registry-login.ts";
import type { TaskPlan } from "../plan/workload-plan.ts";
import type { DeployEvent } from "../providers/provider.ts";
import type { Repositories, Repository } from "../providers/account/repositories.ts";
import { type BuildTools, imageTagsOf } from "./build-images.ts";
import { ownTag, planPush, type PushPlan } from "./plan-push.ts";
import type { ImageToScan } from "./read-scans.ts";
import { sideBySide } from "./side-by-side.ts";

/** `workload` stands with all of them when there are several at once. */
export type PushEvent =
  | { type: "push-started"; workload?: string; container: string; uri: string }
  | { type: "push-output"; workload?: string; container: string; line: string }
  | {
      type: "push-finished";
      workload?: string;
      container: string;
      image: PushedImage;
      /** The registry had it. */
      skipped: boolean;
      durationMs: number;
    }
  | Extract<DeployEvent, { type: "notice" }>;

export interface ImagesToPush {
  plan: Pick<TaskPlan, "app" | "name" | "builds">;
  /** Absent: that of a workload, which is made when it is missing. */
  repository?: Repository;
  /** By container. */
  built: Readonly<Record<string, BuiltImage>>;
  /** As it was built with. */
  tag?: string;
}

/** An image as a registry has it. */
export interface PushedImage {
  /** `123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/api@sha256:…` */
  uri: string;
  /** The same by the most telling of its tags: `…/shop/api:v1`; absent when it has none of them. */
  tagged?: string;
  /** Of its manifest. */
  digest: string;
}

export interface PushTools extends Omit<BuildTools, "version"> {
  repositories: Pick<Repositories, "find" | "create" | "setUp" | "images" | "tag" | "login">;
  /** Of the environment. */
  region: string;
  /** Accounts that pull the images, beside the application's. */
  accounts: readonly string[];
  /** Open already, when the build has needed it. */
  logins?: RegistryLogins;
}

export interface PushResult {
  /** Workload → container → image. */
  images: Record<string, Record<string, PushedImage>>;
  /** Those that the registries did not have before: theirs are the scans to look at. */
  pushed: ImageToScan[];
}

/** Brings the images of workloads into their repositories, all at the same time: what a registry has is neither pushed nor
 *  logged in for. When one cannot be pushed the others are given up.
 *  @throws UserError image/*, engine/unreachable, interrupted, aws/* */
export async function* pushImages(
  workloads: readonly ImagesToPush[],
  tools: PushTools,
): AsyncGenerator<PushEvent, PushResult, void> {
  const withImages = workloads.filter(({ built }) => Object.keys(built).length > 0);
  const several = withImages.length > 1;
  const ofWorkloads = withImages.filter(({ repository }) => repository === undefined);
  const repositories = await repositoriesOf(ofWorkloads, tools);
  const registries = new Registries(tools);
  try {
    const work = await Promise.all(
      withImages.map(async (workload) => {
        const { name } = workload.plan;
        const repository = workload.repository ?? repositories[name];
        if (repository === undefined) throw new Error(`${name} has no repository`);
        const label = several ? { workload: name } : {};
        const images = await planned(workload, repository, tools);
        return images.map(
          (image) =>
            async (tell: (event: PushEvent) => void, signal: AbortSignal): Promise<Brought> => {
              const say = (event: PushEvent) => tell(event.type === "notice" ? event : { ...event, ...label });
              const pushed = await bring(image, repository, { ...tools, signal }, registries, say);
              const { container, present } = image;
              const toScan = { ...label, container, repository, digest: pushed.digest };
              return { name, container, pushed, ...(present === undefined && { toScan }) };
            },
        );
      }),
    );
    const result: PushResult = { images: {}, pushed: [] };
    for (const { name, container, pushed, toScan } of yield* sideBySide(work.flat(), tools.signal)) {
      (result.images[name] ??= {})[container] = pushed;
      if (toScan !== undefined) result.pushed.push(toScan);
    }
    return result;
  } finally {
    await registries.close();
  }
}

interface Brought {
  name: string;
  container: string;
  pushed: PushedImage;
  toScan?: ImageToScan;
}

interface PlannedImage extends PushPlan {
  container: string;
  id: string;
  /** Nothing has been pushed for this workload before. */
  isFirst: boolean;
}

/** What there is to do for each container of a workload: its repository is asked once for all of them. */
async function planned(
  { plan, repository: given, built, tag }: ImagesToPush,
  repository: Repository,
  tools: PushTools,
): Promise<PlannedImage[]> {
  const isOfWorkload = given === undefined;
  const tagsOf = await imageTagsOf(plan, tag, tools.root);
  const images = plan.builds.flatMap((build) => {
    const { id } = built[build.container] ?? {};
    if (id === undefined) return [];
    const askedFor = build.container === plan.name ? tag : undefined;
    return [{ container: build.container, id, tags: tagsOf(build), ...(askedFor !== undefined && { askedFor }) }];
  });
  const digests = await Promise.all(images.map(({ id }) => knownDigests(id, repository.uri, tools)));
  const found = await tools.repositories.images(repository, {
    tags: images.flatMap(({ id, tags }) => [...tags, ...(tags.every(repository.canMove) ? [] : [ownTag(id)])]),
    digests: digests.flat(),
  });
  return images.map((image) => ({
    ...image,
    ...planPush(image, repository, found),
    isFirst: found.length === 0 && isOfWorkload,
  }));
}

async function bring(
  image: PlannedImage,
  repository: Repository,
  tools: PushTools,
  registries: Registries,
  tell: (event: PushEvent) => void,
): Promise<PushedImage> {
  const { container, id, present, push, retag, tags, left } = image;
  const { uri } = repository;
  const started = tools.now();
  const tag = tags.at(-1);
  const named = (digest: string): PushedImage => ({
    uri: `${uri}@${digest}`,
    ...(tag !== undefined && { tagged: `${uri}:${tag}` }),
    digest,
  });
  const finish = (pushed: PushedImage, skipped: boolean): PushedImage => {
    tell({ type: "push-finished", container, image: pushed, skipped, durationMs: tools.now() - started });
    return pushed;
  };
  if (left.length > 0) tell({ type: "notice", code: "image/tags-kept", message: keptText(repository, left) });
  if (present !== undefined) {
    await Promise.all(retag.map((each) => tools.repositories.tag(repository, present, each)));
    return finish(named(present.digest), true);
  }
  tell({ type: "push-started", container, uri: `${uri}:${tag}` });
  const [context, problem] = await Promise.all([
    registries.loggedIn(repository),
    image.isFirst ? registries.setUp(repository) : undefined,
  ]);
  if (problem !== undefined) tell({ type: "notice", code: "image/repository-not-set-up", message: problem });
  const onLine = (line: string) => tell({ type: "push-output", container, line });
  const digest = await pushImage({ id, repository: uri, tags: push }, { ...context, signal: tools.signal, onLine });
  return finish(named(digest), false);
}

function keptText({ name }: Repository, tags: readonly string[]): string {
  const stay = tags.length === 1 ? "stays with the image that has it" : "stay with the images that have them";
  return `${name} never moves a tag: ${tags.join(" and ")} ${stay}`;
}

/** The workloads' repositories, by workload; one that is missing is made. */
async function repositoriesOf(
  workloads: readonly ImagesToPush[],
  { repositories, region, accounts }: PushTools,
): Promise<Record<string, Repository>> {
  const names = workloads.map(({ plan }) => `${plan.app}/${plan.name}`);
  const found = await repositories.find(names, region);
  const all = workloads.map(async ({ plan: { app, name } }): Promise<[string, Repository]> => {
    const known = found[`${app}/${name}`];
    return [name, known ?? (await repositories.create({ app, workload: name, region, accounts }))];
  });
  return Object.fromEntries(await Promise.all(all));
}

/** What the docker client logs in with, opened when the first image is really pushed. */
class Registries {
  readonly #tools: PushTools;
  readonly #setUp = new Set<string>();
  #own: Promise<RegistryLogins> | undefined;

  constructor(tools: PushTools) {
    this.#tools = tools;
  }

  async loggedIn({ uri, region }: Repository) {
    const { logins, repositories } = this.#tools;
    const open = logins ?? (await (this.#own ??= RegistryLogins.open(this.#tools)));
    await open.login(uri.split("/")[0] ?? uri, () => repositories.login({ region }));
    return open.context;
  }

  /** What CloudFormation has made has neither scans nor a lifecycle policy yet. Asked once for each repository; answers
   *  what to say when that could not be changed, which keeps nobody from pushing. */
  async setUp(repository: Repository): Promise<string | undefined> {
    if (this.#setUp.has(repository.uri)) return undefined;
    this.#setUp.add(repository.uri);
    try {
      await this.#tools.repositories.setUp(repository);
      return undefined;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return `${repository.name} is not scanned on push, and keeps all images: ${why}`;
    }
  }

  async close(): Promise<void> {
    const own = await this.#own?.catch(() => undefined);
    await own?.close();
  }
}
