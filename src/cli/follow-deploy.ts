import type { DeployStory } from "../actions/deploy-workload.ts";
import { UserError } from "../errors.ts";
import type { DeploymentStatus, DeployResult, Provider, WorkloadRef } from "../providers/provider.ts";
import type { Context } from "./context.ts";
import { goesOnText } from "./render/deploy-result.ts";
import { deployView, type DeployView } from "./render/deploy-view.ts";

export interface DeployToFollow {
  workload: WorkloadRef;
  provider: Provider;
  start(signal: AbortSignal): AsyncGenerator<DeployStory, DeployResult, void>;
}

/** Shows what comes before deployments; Ctrl-C ends it. @throws UserError interrupted, and as the story does */
export async function followPreparation<T>(
  start: (signal: AbortSignal) => AsyncGenerator<DeployStory, T, void>,
  context: Context,
): Promise<T> {
  const view = await deployView(context);
  const forget = context.interrupts.onLeave(() => void view.close());
  const stop = new AbortController();
  context.interrupts.take(() => stop.abort());
  const story = start(stop.signal);
  try {
    for (;;) {
      const step = await story.next();
      if (step.done) return step.value;
      view.show(step.value);
    }
  } catch (error) {
    throw view.keepsBuildOutput ? withoutBuildOutput(error) : error;
  } finally {
    view.end();
    forget();
  }
}

/** Shows a deploy until it has ended, or until Ctrl-C: that cancels a build; a deployment goes on unless somebody is
 *  there and wants it rolled back, which is then followed to its end. */
export async function followDeploy(
  { workload, provider, start }: DeployToFollow,
  context: Context,
): Promise<{ result: DeployResult; interrupted: boolean }> {
  const view = await deployView(context);
  let following: Following | undefined;
  const forget = context.interrupts.onLeave(() => {
    view.close();
    const deploymentId = following?.deploymentId();
    return deploymentId === undefined ? undefined : goesOnText(deploymentId, { ...workload, on: provider.kind });
  });
  const watching = new AbortController();
  const interrupt = new Promise<"interrupt">((resolve) => context.interrupts.take(() => resolve("interrupt")));
  try {
    following = consume(start(watching.signal), view);
    const first = await Promise.race([following.ended, interrupt]);
    if (first !== "interrupt") return { result: first, interrupted: false };
    const deploymentId = following.deploymentId();
    const rollBack =
      deploymentId !== undefined && context.interactive && (await asksForRollBack(following, view, context));
    watching.abort();
    const result = await following.ended;
    if (!rollBack || result.outcome !== "interrupted") return { result, interrupted: true };
    const undoing = provider.rollBackDeployment(workload, deploymentId, new AbortController().signal);
    return { result: await consume(undoing, view).ended, interrupted: true };
  } catch (error) {
    throw view.keepsBuildOutput ? withoutBuildOutput(error) : error;
  } finally {
    view.end();
    forget();
  }
}

interface Following {
  ended: Promise<DeployResult>;
  /** Of the deployment, once it has been accepted. */
  deploymentId(): string | undefined;
  /** Whether there is a version before to go back to; until something has been heard, there may be one. */
  hasFormer(): boolean;
}

function consume(story: AsyncGenerator<DeployStory, DeployResult, void>, view: DeployView): Following {
  let deploymentId: string | undefined;
  let hasFormer = true;
  const run = async (): Promise<DeployResult> => {
    for (;;) {
      const step = await story.next();
      if (step.done) return step.value;
      if (step.value.type === "accepted") deploymentId = step.value.deploymentId;
      if (step.value.type === "progress") hasFormer = formerIsThere(step.value.status.deployments, deploymentId);
      view.show(step.value);
    }
  };
  const ended = run();
  ended.catch(() => undefined);
  return { ended, deploymentId: () => deploymentId, hasFormer: () => hasFormer };
}

function formerIsThere(deployments: readonly DeploymentStatus[], followed: string | undefined): boolean {
  return deployments.some(({ id, rolloutState }) => id !== followed && rolloutState === "COMPLETED");
}

/** The deployment goes on while the question stands, and its end takes the question back. */
async function asksForRollBack({ ended, hasFormer }: Following, view: DeployView, context: Context): Promise<boolean> {
  view.pause();
  const withdraw = new AbortController();
  const prompts = await context.prompts();
  const answer = prompts.confirm({
    message: `${hasFormer() ? "Roll back to the version before?" : "Stop this first deployment, and leave nothing running?"} (no: the deployment goes on without you)`,
    default: false,
    signal: withdraw.signal,
  });
  const over = ended.then(
    () => false,
    () => false,
  );
  try {
    return await Promise.race([answer, over]);
  } catch (error) {
    // Ctrl-C as the answer: the deployment goes on.
    if (error instanceof UserError && error.code === "interrupted") return false;
    throw error;
  } finally {
    withdraw.abort();
    answer.catch(() => undefined);
    view.resume();
  }
}

/** The end of a failed build's output stands on the screen already. */
function withoutBuildOutput(error: unknown): unknown {
  if (!(error instanceof UserError) || error.code !== "image/build-failed") return error;
  const { code, message, hint, place, exitCode } = error;
  return new UserError(code, message, { hint, place, exitCode, cause: error });
}
