import { UserError } from "../errors.ts";
import type { Account } from "../providers/account.ts";
import type { GatheredFacts } from "../providers/account/facts.ts";
import type { KnownSurroundings } from "../providers/account/services.ts";
import type { StackPlace } from "../providers/account/stacks.ts";
import type { DeployResult, Drift, WorkloadRef, WorkloadStatus } from "../providers/provider.ts";
import { alongside } from "./alongside.ts";
import type { AccountTools } from "./deploy-to-account.ts";
import type { DeployStory, WorkloadToDeploy } from "./deploy-workload.ts";
import type { DeploymentLock } from "./deployment-lock.ts";
import { isPriorityTaken } from "./priority-taken.ts";
import { followBegun, redeploy } from "./follow-begun.ts";
import { overheard } from "./overheard.ts";
import { type StackToUpdate, type StackUpdateOutcome, updateStack } from "./update-stack.ts";

export interface StackToRollOut {
  app: string;
  request: WorkloadToDeploy;
  stack: StackToUpdate["stack"];
  gathered: GatheredFacts;
  where: StackPlace;
  executionRoleArn: string;
  lock: DeploymentLock;
}

export type RollOutTools = Pick<AccountTools, "account" | "provider" | "now" | "wait">;

/** Updates the stack of a workload, and follows beside it what ECS makes of it: success is that of our own deployment.
 *  @returns `stale` when nothing was done: see {@link updateStack}
 *  @throws UserError stack/* where the stack fails for another reason than its service */
export async function* rollOut(
  { app, request, stack, gathered, ...how }: StackToRollOut,
  tools: RollOutTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, DeployResult | "stale", void> {
  const { account, provider, now } = tools;
  const workload: WorkloadRef = { app, env: request.env, name: request.name };
  const hasService = Object.values(stack.template.Resources).some(({ Type }) => Type === "AWS::ECS::Service");
  const startedAt = now();
  const since = () => now() - startedAt;
  const over = new AbortController();
  let begin: (before: Before | undefined) => void = () => {};
  const begun = new Promise<Before | undefined>((resolve) => (begin = resolve));
  const follows = hasService && !request.detach;
  const late = new AbortController();
  const known = knownOf(stack.name, gathered, how.where, account);
  let before: Promise<Before> | undefined;
  const touched = new Set<string>();
  const update = updateStack(
    {
      stack,
      deployed: gathered.workloadStack,
      ...how,
      bucket: gathered.facts.artifacts.bucket,
      noRollback: request.noRollback,
      allowDowngrade: request.allowDowngrade,
      detach: request.detach,
      beforeUpdate: async () => {
        const { timeoutMs } = request;
        if (timeoutMs !== undefined) void tools.wait(timeoutMs, over.signal).then(() => late.abort());
        if (!follows) return;
        before = whatWasBefore(workload, gathered, known, account);
        before.catch(() => undefined);
      },
    },
    tools,
    AbortSignal.any([signal, late.signal]),
  );
  const { main, beside } = yield* alongside<DeployStory, StackUpdateOutcome, DeployResult | undefined>(
    overheard(update, async (event) => {
      if (event.type === "stack-resource") touched.add(event.resourceType);
      const starts = event.type === "stack-started" && event.stack === stack.name;
      if (starts && before !== undefined) begin(await before);
    }),
    followed(begun, workload, request, over.signal, tools, signal),
    () => {
      begin(undefined);
      over.abort();
    },
  );
  const ours = "value" in beside ? beside.value : undefined;
  if ("error" in main) {
    // Why ECS gave up says more than that CloudFormation waited in vain.
    const hasFailed = ours?.outcome === "failed" || ours?.outcome === "superseded";
    if (hasFailed && !isPriorityTaken(main.error)) return { ...ours, durationMs: since() };
    throw main.error;
  }
  if ("error" in beside) throw beside.error;
  const { outcome } = main.value;
  if (outcome === "stale") return outcome;
  if (ours !== undefined) {
    // What was asked beside the update may be from before its rules.
    const { environmentStack } = gathered;
    const isOld = ["Listener", "ListenerRule"].some((type) => touched.has(`AWS::ElasticLoadBalancingV2::${type}`));
    const { urls: told } = ours.status;
    const urls = isOld ? await account.services.addresses(workload, { environmentStack }).catch(() => told) : told;
    return { ...ours, status: { ...ours.status, urls }, durationMs: since() };
  }
  const status = await statusOf(workload, async () =>
    outcome === "unchanged" ? account.services.glance(workload, await known) : provider.describeWorkload(workload),
  );
  if (status.drift !== undefined && ["created", "updated", "unchanged"].includes(outcome)) {
    if (yield* how.lock.take(signal)) return "stale";
    yield { type: "notice", code: "deploy/drift", message: healingText(workload, status.drift) };
    const healed = yield* followBegun(workload, request, () => account.services.moveTo(workload), tools, signal);
    return { ...healed, durationMs: since() };
  }
  if (outcome === "unchanged" && request.force && hasService) return yield* redeploy(workload, request, tools, signal);
  const isLate = outcome === "interrupted" && !signal.aborted;
  return {
    outcome: isLate ? "timeout" : outcomes[outcome],
    ...(main.value.outcome === "interrupted" &&
      main.value.goesOn && { reason: `CloudFormation goes on with the stack ${stack.name}` }),
    ...(["created", "updated", "unchanged"].includes(outcome) && current(status)),
    status,
    durationMs: since(),
  };
}

/** What nothing of a deployment but its end changes. Asked for beside what decides whether there is something to do. */
async function knownOf(
  stack: string,
  { environmentStack, workloadStack }: GatheredFacts,
  where: StackPlace,
  { stacks }: Account,
): Promise<KnownSurroundings> {
  const asked = workloadStack === undefined ? undefined : stacks.resources(stack, where);
  // Whoever needs them asks again, and hears why not.
  return { environmentStack, resources: await asked?.catch(() => undefined) };
}

/** A service as an update finds it. */
interface Before extends KnownSurroundings {
  /** The ids of its deployments. */
  known: readonly string[];
}

async function whatWasBefore(
  workload: WorkloadRef,
  { workloadStack }: GatheredFacts,
  known: Promise<KnownSurroundings>,
  { services }: Account,
): Promise<Before> {
  const surroundings = await known;
  const isThere = workloadStack !== undefined;
  return { ...surroundings, known: isThere ? await services.deployments(workload, surroundings) : [] };
}

/** While its first stack is only being made there is nothing of a workload yet. */
async function statusOf(workload: WorkloadRef, describe: () => Promise<WorkloadStatus>): Promise<WorkloadStatus> {
  try {
    return await describe();
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== "service/not-found") throw error;
    const counts = { desiredCount: 0, runningCount: 0, pendingCount: 0 };
    const nothing = { deployments: [], tasks: [], stoppedTasks: [], events: [], urls: [] };
    return { ...workload, status: "INACTIVE", ...counts, ...nothing };
  }
}

/** The deployment that serves: the result of a deploy that needed none of its own. */
function current({ deployments }: WorkloadStatus): { deploymentId?: string } {
  const primary = deployments.find(({ status }) => status === "PRIMARY");
  return primary === undefined ? {} : { deploymentId: primary.id };
}

const outcomes = {
  created: "completed",
  updated: "completed",
  unchanged: "unchanged",
  detached: "detached",
  interrupted: "interrupted",
} as const;

/** What ECS makes of the update, once that has begun. */
async function* followed(
  begun: Promise<Before | undefined>,
  workload: WorkloadRef,
  { failFast, timeoutMs }: WorkloadToDeploy,
  over: AbortSignal,
  { account }: RollOutTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, DeployResult | undefined, void> {
  const before = await begun;
  if (before === undefined) return undefined;
  const request = { ...workload, ...before, over, failFast, ...(timeoutMs !== undefined && { timeoutMs }) };
  try {
    return yield* account.services.follow(request, signal);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // CloudFormation waits for the service, too, and tells in the end whether it is there.
    const message = `the deployment is not followed any more, only its stack: ${error.message}`;
    yield { type: "notice", code: "deploy/not-followed", message };
    return undefined;
  }
}

/** What CloudFormation does not see: it compares the stack with its template. */
function healingText({ name }: WorkloadRef, { revision, stackRevision }: Drift): string {
  return `${name} runs revision ${revision}, which is not of its stack, as after a hotswap: it goes to revision ${stackRevision} of the stack`;
}
