import { UserError } from "../errors.ts";
import type { Account } from "../providers/account.ts";
import type { ArtifactPlace } from "../providers/account/artifacts.ts";
import type { PastDeployment } from "../providers/account/history.ts";
import type { DeployResult, ImageReference, WorkloadRef } from "../providers/provider.ts";
import type { DeployStory } from "./deploy-workload.ts";
import type { PackagedStack } from "./packaged-stack.ts";
import type { PushedImage } from "./push-images.ts";

export interface DeploymentToRecord {
  workload: WorkloadRef;
  stack: Pick<PackagedStack, "name" | "text" | "parameters" | "tags">;
  where: ArtifactPlace;
  /** Container → what was pushed for it. */
  pushed?: Readonly<Record<string, PushedImage>> | undefined;
  /** What is checked out; asked when the deployment has begun. */
  commit: () => Promise<string | undefined>;
  /** When the deploy was that this one repeats. */
  repeats?: string;
}

interface RecordTools {
  account: Pick<Account, "identity" | "history">;
  /** Where this program runs. */
  from: string;
  now: () => number;
}

type Told = DeployResult | "stale";

/** Tells a deploy, and keeps what it was when it has ended, also when it failed. What changed nothing is not kept. A record
 *  that cannot be written is a notice: what was deployed is deployed.
 *  @throws as the story does */
export async function* recorded(
  story: AsyncGenerator<DeployStory, Told, void>,
  given: DeploymentToRecord,
  tools: RecordTools,
): AsyncGenerator<DeployStory, Told, void> {
  const at = new Date(tools.now()).toISOString();
  let asked: Promise<string | undefined> | undefined;
  const deployment = { ...given, commit: () => (asked ??= given.commit()) };
  let begun = false;
  let detaching = false;
  let swap: { hotswap?: true } = {};
  for (;;) {
    let step: IteratorResult<DeployStory, Told>;
    try {
      step = await story.next();
    } catch (error) {
      if (begun) yield* written({ ...howItFailed(error), ...swap, at, deployment }, tools);
      throw error;
    }
    if (!step.done) {
      const event = step.value;
      if (event.type === "accepted") begun = true;
      if (event.type === "hotswap") swap = { hotswap: true };
      if (event.type === "stack-detaching") detaching = true;
      else if (event.type === "stack-started" && event.stack === deployment.stack.name) {
        // The first update of a stack with custom resources is no deployment.
        begun = !detaching;
        detaching = false;
      }
      if (begun) deployment.commit().catch(() => undefined);
      yield event;
      continue;
    }
    const result = step.value;
    if (result !== "stale" && result.outcome !== "unchanged" && (begun || result.deploymentId !== undefined))
      yield* written({ ...howItEnded(result), ...swap, at, deployment }, tools);
    return result;
  }
}

type Ended = Pick<PastDeployment, "result"> &
  Partial<Pick<PastDeployment, "reason" | "deploymentId" | "revision" | "images" | "hotswap">>;

function howItFailed(error: unknown): Ended {
  if (error instanceof UserError && error.code === "interrupted") return { result: "interrupted" };
  return { result: "failed", reason: error instanceof Error ? error.message : String(error) };
}

function howItEnded({ outcome, deploymentId, reason, status }: DeployResult): Ended {
  const isOurs = ({ id, status: state }: { id: string; status: string }) =>
    deploymentId === undefined ? state === "PRIMARY" : id === deploymentId;
  // What has only begun may be of another revision than what is there.
  const isKnown = deploymentId !== undefined || outcome === "completed";
  const ours = isKnown ? status.deployments.find(isOurs) : undefined;
  return {
    result: outcome === "unchanged" ? "completed" : outcome,
    ...(reason !== undefined && { reason }),
    ...(deploymentId !== undefined && { deploymentId }),
    ...(ours !== undefined && {
      revision: ours.revision,
      images: Object.fromEntries(ours.images.map(({ container, ...image }) => [container, image])),
    }),
  };
}

async function* written(
  { at, deployment, images = {}, ...ended }: Ended & { at: string; deployment: DeploymentToRecord },
  { account, from }: RecordTools,
): AsyncGenerator<DeployStory, void, void> {
  const { workload, stack, where, repeats } = deployment;
  const { text: template, parameters, tags } = stack;
  try {
    const [{ arn: by }, commit] = await Promise.all([account.identity(), deployment.commit()]);
    const past: PastDeployment = {
      ...workload,
      at,
      ...ended,
      images: { ...imagesGiven(deployment), ...images, ...imagesPushed(deployment) },
      ...(commit !== undefined && { commit }),
      by,
      from,
      ...(repeats !== undefined && { repeats }),
      // Its hash is that of what is kept.
      template: "",
    };
    await account.history.record(past, { template, parameters, tags }, where);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `this deploy is not in the history of ${workload.name}: ${why}`;
    yield { type: "notice", code: "history/not-recorded", message };
  }
}

/** The image of the main container, where the stack was given one. */
function imagesGiven({ workload, stack }: DeploymentToRecord): Record<string, ImageReference> {
  const name = stack.parameters["ContainerImage"];
  return name === undefined || name === "" ? {} : { [workload.name]: imageNamed(name) };
}

/** `shop/api@sha256:…` says its digest itself. */
function imageNamed(name: string): ImageReference {
  const [, id] = name.split("@");
  return id === undefined ? { name } : { name, id };
}

function imagesPushed({ pushed = {} }: DeploymentToRecord): Record<string, ImageReference> {
  const images = Object.entries(pushed).map(([container, { tagged, uri, digest }]) => [
    container,
    { name: tagged ?? uri, id: digest },
  ]);
  return Object.fromEntries(images) as Record<string, ImageReference>;
}
