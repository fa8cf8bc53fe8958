import type { Diagnostic } from "../errors.ts";
import type { WorkloadPlan } from "../plan/workload-plan.ts";
import type {
  DeployEvent,
  DeployRequest as ProviderRequest,
  DeployResult,
  LocalProvider,
  Provider,
  ProviderTarget,
} from "../providers/provider.ts";
import type { DomainEvent } from "../providers/account/domains.ts";
import type { SiteEvent } from "../providers/account/sites.ts";
import type { StackSetEvent } from "../providers/account/stack-sets.ts";
import type { Workspace } from "../workspace/workspace.ts";
import type { BuildEvent } from "./build-images.ts";
import { checkWorkloads } from "./check-workloads.ts";
import type { DeletionEvent } from "./deletion-events.ts";
import type { HotswapEvent } from "./hotswap.ts";
import { leftOutOf } from "./left-out.ts";
import { leftOutBeside } from "./left-out-beside.ts";
import type { CheckedService } from "./load-manifest.ts";
import { refuseUndeployable } from "./undeployable.ts";
import type { StackUpdateEvent } from "./update-stack.ts";
import { overlayOf } from "./overlay-of.ts";
import type { PushEvent } from "./push-images.ts";
import type { ScanEvent } from "./read-scans.ts";
import { readEnvFiles } from "./read-env-files.ts";

/** What a person or a program hears of a deploy, in this order: target, diagnostics, images, deployment. */
export type DeployStory =
  | { type: "target"; app: string; env: string; name?: string; target: ProviderTarget }
  | { type: "diagnostics"; diagnostics: Diagnostic[] }
  | BuildEvent
  | PushEvent
  | ScanEvent
  | StackUpdateEvent
  | StackSetEvent
  | DomainEvent
  | SiteEvent
  | DeletionEvent
  | HotswapEvent
  | DeployEvent;

export interface WorkloadToDeploy extends Omit<ProviderRequest, "plan" | "images" | "envFiles"> {
  name: string;
  env: string;
  /** A further tag for the image. */
  tag?: string;
  /** On AWS: further tags of the stack, which CloudFormation puts on what it makes. */
  resourceTags?: Readonly<Record<string, string>> | undefined;
  /** On AWS: deploy over what a newer version has deployed. */
  allowDowngrade?: boolean | undefined;
  /** On AWS: go past CloudFormation where the task definition alone has changed. */
  hotswap?: boolean | undefined;
  /** Of former deployments on AWS: how many are not forgotten; absent: none is. */
  keep?: number | undefined;
}

export interface DeployTools {
  workspace: Workspace;
  provider: Provider;
  /** The Engine that images are built on; asked for when there is one to build. */
  dockerHost: () => Promise<string | undefined>;
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  version: string;
  now: () => number;
}

export interface LocalDeployTools extends DeployTools {
  provider: LocalProvider;
}

/** Deploys one workload and follows it until its own deployment has completed or failed. When the signal aborts, a
 *  build ends with UserError interrupted; an accepted deployment goes on, unfollowed.
 *  @throws UserError workspace/workload-not-found, workload/not-deployed-here, manifest/invalid, image/*, engine/*, and as
 *  the provider does */
export async function* deployWorkload(
  request: WorkloadToDeploy,
  tools: LocalDeployTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, DeployResult, void> {
  const { name, env, tag, resourceTags: _, allowDowngrade: __, keep: ___, hotswap, ...options } = request;
  const { workspace, provider } = tools;
  await refuseUndeployable(name, workspace);
  const overlay = await overlayOf({ app: workspace.application, env }, provider);
  const [checked] = await checkWorkloads({ workspace, names: [name], env, overlay, variables: tools.env });
  if (!checked) throw new Error(`${name} was neither checked nor refused`);
  const { plan } = checked;
  const target = await provider.target();
  yield { type: "target", app: plan.app, env, name, target };
  if (checked.diagnostics.length > 0) yield { type: "diagnostics", diagnostics: checked.diagnostics };
  const leftOut = [...leftOutOf(plan, provider, checked.place), ...(await leftOutBeside(workspace, name))];
  for (const notice of leftOut) yield { type: "notice", ...notice };
  if (hotswap === true) yield nothingToSwap;
  const envFiles = await readEnvFiles(plan, workspace, checked.place);
  await provider.checkDeploy(plan);
  const images = yield* imagesOf(checked, { tag, target }, tools, signal);
  const planned = { ...plan, manifest: checked.text };
  return yield* provider.deployWorkload({ plan: planned, images, envFiles, ...options }, signal);
}

export const nothingToSwap = {
  type: "notice",
  code: "hotswap/simulator",
  message: "--hotswap changes nothing here: the simulator has no stacks, and every deployment goes straight to its ECS",
} as const;

type Images = ProviderRequest["images"];

/** The image of every container whose image the manifest names or has built. @throws UserError image/*, engine/* */
export async function* imagesOf(
  { plan, place }: Pick<CheckedService, "plan" | "place">,
  { tag, target }: { tag?: string; target: ProviderTarget },
  tools: DeployTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, Images, void> {
  const finished = Object.entries(plan.images ?? {}).map(([container, name]) => [container, { name }] as const);
  return { ...Object.fromEntries(finished), ...(yield* builtImages(plan, place, { tag, target }, tools, signal)) };
}

async function* builtImages(
  plan: WorkloadPlan,
  place: CheckedService["place"],
  { tag, target }: { tag?: string; target: ProviderTarget },
  tools: DeployTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, Images, void> {
  if (plan.builds.length === 0) return {};
  const isMain = (container: string) => container === plan.name;
  if (!runsContainers(target)) {
    const message = "no image is built: the simulated runtime runs no containers";
    yield { type: "notice", code: "image/not-built", message };
    const name = (container: string) => `${plan.app}/${plan.name}:${isMain(container) ? "" : `${container}-`}latest`;
    return Object.fromEntries(plan.builds.map(({ container }) => [container, { name: name(container) }]));
  }
  const { env, cwd, version, now, workspace } = tools;
  const block = (container: string) => (isMain(container) ? [] : ["sidecars", container]);
  // Loaded when there is something to build: what runs programs is large.
  const { buildImages } = await import("./build-images.ts");
  return yield* buildImages(
    { plan, tag, place: (container) => place([...block(container), "image", "build"]) },
    { dockerHost: await tools.dockerHost(), env, cwd, version, now, signal, root: workspace.root },
  );
}

/** Whether tasks are containers. The simulated runtime answers for them itself, on machines without an Engine. */
function runsContainers({ runtime }: ProviderTarget): boolean {
  return !runtime?.startsWith("simulated");
}
