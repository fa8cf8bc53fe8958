import type { StackFacts } from "../cloudformation/facts.ts";
import { UserError } from "../errors.ts";
import type { StackDescription } from "../providers/account/stacks.ts";
import type { DeployResult } from "../providers/provider.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { type PlacedStack, refuseLosses } from "./adoption.ts";
import { deployRegional, deployRoles } from "./application-infrastructure.ts";
import type { AccountTools } from "./deploy-to-account.ts";
import type { DeployStory } from "./deploy-workload.ts";
import { DeploymentLock } from "./deployment-lock.ts";
import { detachStack } from "./detach-stack.ts";
import { deployEnvironmentStack, lacksCertificate } from "./environment-domain.ts";
import { placeOf } from "./environment-ready.ts";
import { environmentFactsFor } from "./facts-for.ts";
import { packageEnvironmentForAdoption, packageForAdoption } from "./package-for-adoption.ts";
import type { PackagedStack } from "./packaged-stack.ts";
import { planApplication, planEnvironmentStack, planWorkloadStack } from "./plan-adoption.ts";
import { recorded } from "./record-deployment.ts";
import { rollOut } from "./roll-out.ts";
import { updateStack } from "./update-stack.ts";

export type AdoptTools = Omit<AccountTools, "workspace"> & { workspace: Workspace | undefined };

/** `failed`: CloudFormation has done its part, and the workload's deployment has not. */
export interface StepResult {
  outcome: "done" | "unchanged" | "interrupted" | "failed";
  reason?: string;
}

type Step = AsyncGenerator<DeployStory, StepResult, void>;

/** Detaches a stack, whatever has become of it since it was looked at. @throws UserError deploy/busy, stack/*, aws/* */
export async function* detachForAdoption(
  app: string,
  given: PlacedStack,
  tools: AdoptTools,
  signal: AbortSignal,
): Step {
  if (given.kind === "stack-set") return { outcome: "unchanged" };
  const { account } = tools;
  const { where } = given;
  const lock = lockOf(app, given, tools);
  try {
    if (lock !== undefined) yield* lock.take(signal);
    const stack = yield* settled(given, tools, signal);
    if (signal.aborted) return { outcome: "interrupted" };
    if (stack === undefined) return { outcome: "unchanged" };
    const text = await account.stacks.template(stack.name, where);
    const { outcome } = yield* detachStack({ stack, text, ...(await howOf(app, given, tools)) }, { account }, signal);
    return outcomeOf(outcome);
  } finally {
    await lock?.release();
  }
}

/** Deploys a stack with our template, once more after a look at what that would take away.
 *  @throws UserError stack/data-at-risk, deploy/busy, stack/*, aws/* */
export async function* deployForAdoption(
  app: string,
  given: PlacedStack,
  tools: AdoptTools,
  signal: AbortSignal,
): Step {
  const { account, workspace } = tools;
  if (given.kind === "roles" || given.kind === "stack-set") {
    yield* settled(given, tools, signal);
    refuseLosses((await planApplication(app, tools)).filter(({ kind }) => kind === given.kind));
    const facts = await account.facts.ofApplication(app);
    if (facts === undefined || signal.aborted) return { outcome: signal.aborted ? "interrupted" : "unchanged" };
    yield* (given.kind === "roles" ? deployRoles : deployRegional)({ app, facts }, { account }, signal);
    return { outcome: signal.aborted ? "interrupted" : "done" };
  }
  if (workspace === undefined) return { outcome: "unchanged" };
  const here = { ...tools, workspace };
  return yield* given.kind === "environment"
    ? deployEnvironment(app, given, here, signal)
    : deployWorkload(given, here, signal);
}

async function* deployEnvironment(app: string, given: PlacedStack, tools: AccountTools, signal: AbortSignal): Step {
  const { account, workspace, env: variables } = tools;
  const { env = "" } = given;
  const lock = lockOf(app, given, tools);
  try {
    if (lock !== undefined) yield* lock.take(signal);
    yield* settled(given, tools, signal);
    if (signal.aborted) return { outcome: "interrupted" };
    const gathered = await environmentFactsFor(env, { workspace, env: variables, account });
    const again = await planEnvironmentStack(gathered.environment, tools);
    refuseLosses(again === undefined ? [] : [again]);
    const { facts } = gathered;
    const { where, executionRoleArn } = given;
    const place = {
      where,
      bucket: facts.artifacts.bucket,
      ...(executionRoleArn !== undefined && { executionRoleArn }),
    };
    let deployed = gathered.environmentStack;
    const render = (known: StackFacts) => packageEnvironmentForAdoption(env, { workspace, env: variables }, known);
    const update = async function* (stack: PackagedStack) {
      const updated = yield* updateStack({ stack, deployed, ...place }, { account }, signal);
      if (updated.stack !== undefined) deployed = updated.stack;
      return updated;
    };
    const stack = await render(facts);
    // The certificate and the records that Copilot's functions made are those that it goes on with.
    const done = yield* lacksCertificate(stack)
      ? deployEnvironmentStack({ account, gathered, render, update }, signal)
      : update(stack);
    return outcomeOf(done.outcome);
  } finally {
    await lock?.release();
  }
}

async function* deployWorkload(given: PlacedStack, tools: AccountTools, signal: AbortSignal): Step {
  const { env = "", name = "" } = given;
  const stack = yield* settled(given, tools, signal);
  if (stack === undefined || signal.aborted) return { outcome: signal.aborted ? "interrupted" : "unchanged" };
  const lock = lockOf(tools.workspace.application, given, tools);
  if (lock === undefined) return { outcome: "unchanged" };
  const request = { name, env, force: false, noRollback: false, detach: false, failFast: false };
  try {
    for (;;) {
      const planned = await planWorkloadStack({ stack, env, place: placeIn(given) }, tools);
      refuseLosses([planned]);
      if (planned.to === "detach") return { outcome: "unchanged" };
      const { packaged, gathered } = await packageForAdoption({ name, env }, tools);
      const { application: app, root } = tools.workspace;
      const update = {
        app,
        request,
        stack: packaged,
        gathered,
        ...placeOf(gathered),
        lock,
      };
      const { artifacts, region } = gathered.facts;
      const deployment = {
        workload: { app, env, name },
        stack: packaged,
        where: { ...artifacts, region },
        commit: async () => (await import("../workspace/git.ts")).gitRevision(root),
      };
      const result = yield* recorded(rollOut(update, tools, signal), deployment, tools);
      if (result !== "stale") return resultOf(result);
    }
  } finally {
    await lock.release();
  }
}

function resultOf({ outcome, reason }: DeployResult): StepResult {
  if (outcome === "failed" || outcome === "superseded" || outcome === "timeout")
    return { outcome: "failed", ...(reason !== undefined && { reason }) };
  return outcomeOf(outcome);
}

/** The stack when nobody works on it any more: an update that a former run has begun goes on when that run is gone. */
async function* settled(
  { kind, stack, where, executionRoleArn }: PlacedStack,
  { account: { stacks } }: Pick<AdoptTools, "account">,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, StackDescription | undefined, void> {
  if (kind === "stack-set") return undefined;
  const there = await stacks.describe(stack, where);
  if (there === undefined || !there.status.endsWith("_IN_PROGRESS")) return there;
  const nothingNew = { name: stack, parameters: {}, keepsParameters: true, tags: there.tags, where };
  const role = executionRoleArn === undefined ? {} : { executionRoleArn };
  yield* stacks.deploy({ ...nothingNew, ...role, whenBusy: "wait" }, signal);
  return signal.aborted ? undefined : stacks.describe(stack, where);
}

function placeIn({ where, executionRoleArn = "" }: PlacedStack) {
  return { where, executionRoleArn };
}

async function howOf(app: string, { where, executionRoleArn }: PlacedStack, { account }: Pick<AdoptTools, "account">) {
  const { region } = where;
  if (region === undefined) return { where };
  const { bucket } = await account.facts.artifacts(app, region);
  return { where, bucket, ...(executionRoleArn !== undefined && { executionRoleArn }) };
}

/** The stacks of the application itself have none. */
function lockOf(
  app: string,
  { env, name }: PlacedStack,
  tools: Omit<AdoptTools, "workspace">,
): DeploymentLock | undefined {
  if (env === undefined) return undefined;
  return new DeploymentLock({ app, env, ...(name !== undefined && { workload: name }) }, "app adopt", tools);
}

function outcomeOf(outcome: string): StepResult {
  if (outcome === "interrupted" || outcome === "unchanged") return { outcome };
  if (outcome === "stale")
    throw new UserError("deploy/busy", "somebody else has changed it meanwhile", { hint: "pilotfish app adopt" });
  return { outcome: "done" };
}
