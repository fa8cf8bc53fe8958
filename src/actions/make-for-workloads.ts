import { createHash } from "node:crypto";
import type { Account } from "../providers/account.ts";
import type { GatheredFacts } from "../providers/account/facts.ts";
import { artifactKeys } from "../plan/artifact-keys.ts";
import { imageBuilds } from "../plan/image-builds.ts";
import type { TaskPlan } from "../plan/workload-plan.ts";
import type { DeployStory, DeployTools } from "./deploy-workload.ts";
import type { CheckedManifest } from "./load-manifest.ts";
import type { PushedImage } from "./push-images.ts";
import type { ImageToScan } from "./read-scans.ts";
import { readEnvFiles } from "./read-env-files.ts";
import { uploadAddons } from "./upload-addons.ts";

/** What a deployment of a workload needs and no template holds. */
export interface MadeForWorkload {
  /** Container → reference of the image that was built, by its digest. */
  images?: Record<string, string>;
  pushed?: Record<string, PushedImage>;
  /** Images that the registry did not have before. */
  toScan?: readonly ImageToScan[];
  /** Container → ARN of its environment file. */
  envFiles?: Record<string, string>;
  addonsTemplateUrl?: string;
}

export interface WorkloadToMakeFor {
  checked: CheckedManifest;
  gathered: GatheredFacts;
}

/** Builds and pushes the images of workloads, all of them before anything is deployed, and uploads the files that their
 *  stacks name. What is there already is left alone.
 *  @returns by workload @throws UserError image/*, engine/*, addons/invalid, aws/* */
export async function* makeForWorkloads(
  workloads: readonly WorkloadToMakeFor[],
  { tag }: { tag?: string | undefined },
  tools: DeployTools & { account: Account },
  signal: AbortSignal,
): AsyncGenerator<DeployStory, Record<string, MadeForWorkload>, void> {
  const made: Record<string, MadeForWorkload> = {};
  await Promise.all(
    workloads.map(async (workload) => {
      made[workload.checked.manifest.name] = await upload(workload, tools);
    }),
  );
  const toBuild = workloads.map(({ checked, gathered }) => {
    const plan = buildsOf(checked, gathered);
    const block = (container: string) => (container === plan.name ? [] : ["sidecars", container]);
    const place = (container: string) => checked.place([...block(container), "image", "build"]);
    return { plan, place, ...(tag !== undefined && { tag }) };
  });
  const [first] = workloads;
  if (first === undefined || toBuild.every(({ plan }) => plan.builds.length === 0)) return made;
  // Loaded when there is something to build: what runs programs is large.
  const { publishImages } = await import("./publish-images.ts");
  const { environment, facts } = first.gathered;
  const { images, pushed } = yield* publishImages(toBuild, {
    ...(await imageTools(tools, signal)),
    repositories: tools.account.repositories,
    region: environment.region,
    accounts: facts.stackSet?.accounts ?? [environment.accountID],
  });
  for (const [name, ofWorkload] of Object.entries(images)) {
    const references = Object.entries(ofWorkload).map(([container, { uri }]) => [container, uri] as const);
    const toScan = pushed.filter(({ repository }) => repository.name === `${environment.app}/${name}`);
    made[name] = { ...made[name], pushed: ofWorkload, images: Object.fromEntries(references), toScan };
  }
  return made;
}

async function imageTools(tools: DeployTools, signal: AbortSignal) {
  const { env, cwd, version, now, workspace } = tools;
  return { dockerHost: await tools.dockerHost(), env, cwd, version, now, signal, root: workspace.root };
}

/** What is to be built for a workload of any type. */
function buildsOf(
  { manifest, plan }: CheckedManifest,
  { environment }: GatheredFacts,
): Pick<TaskPlan, "app" | "name" | "builds"> {
  const { app } = environment;
  const builds = plan?.builds ?? (manifest.type === "Request-Driven Web Service" ? imageBuilds(manifest) : []);
  return { app, name: manifest.name, builds };
}

async function upload(
  { checked: { manifest, plan, place }, gathered: { facts } }: WorkloadToMakeFor,
  { workspace, account }: DeployTools & { account: Account },
): Promise<MadeForWorkload> {
  const { name } = manifest;
  const [envFiles, addonsTemplateUrl] = await Promise.all([
    uploadEnvFiles(plan, place, { workspace, account, facts }),
    uploadAddons({ workspace, workload: name }, { account, facts }),
  ]);
  return {
    ...(envFiles && { envFiles }),
    ...(addonsTemplateUrl !== undefined && { addonsTemplateUrl }),
  };
}

async function uploadEnvFiles(
  plan: CheckedManifest["plan"],
  place: CheckedManifest["place"],
  { workspace, account, facts }: Pick<DeployTools, "workspace"> & { account: Account } & Pick<GatheredFacts, "facts">,
): Promise<Record<string, string> | undefined> {
  if (plan?.envFiles === undefined || plan.envFiles.length === 0) return undefined;
  const contents = await readEnvFiles(plan, workspace, place);
  const files = plan.envFiles.map(({ container, path }) => {
    const body = contents[container] ?? "";
    return { container, key: artifactKeys.envFile(path, sha256(body)), body };
  });
  const uploaded = await account.artifacts.upload(files, { ...facts.artifacts, region: facts.region });
  return Object.fromEntries(files.map(({ container }, index) => [container, uploaded[index]?.arn ?? ""]));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
