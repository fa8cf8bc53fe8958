import { UserError } from "../errors.ts";
import type { DeployResult } from "../providers/provider.ts";
import type { GatheredFacts } from "../providers/account/facts.ts";
import { checkManifests } from "./check-workloads.ts";
import type { DeployStory, DeployTools, WorkloadToDeploy } from "./deploy-workload.ts";
import type { LockTools } from "./deployment-lock.ts";
import { EnvironmentLocks, placesRules } from "./environment-locks.ts";
import { makeEnvironmentReady, placeOf } from "./environment-ready.ts";
import { factsFor } from "./facts-for.ts";
import { formerNames } from "./former-names.ts";
import { type MadeForWorkload, makeForWorkloads } from "./make-for-workloads.ts";
import type { CheckedManifest } from "./load-manifest.ts";
import { packageWorkload } from "./package-workload.ts";
import { unlessPriorityTaken } from "./priority-taken.ts";
import { pruneHistory } from "./prune-history.ts";
import { readScans } from "./read-scans.ts";
import { settleEnvironment } from "./settle-environment.ts";
import { settleWorkload, workloadCertificates } from "./workload-domain.ts";
import { registerWorkloads } from "./register-workloads.ts";
import { recorded } from "./record-deployment.ts";
import { rollOut, type StackToRollOut } from "./roll-out.ts";

export type AccountTools = DeployTools & LockTools;

/** Deploys one workload of any type to AWS: everything is checked before AWS is asked, built and uploaded before anything is
 *  changed, and the deployment is followed until its own end.
 *  @throws UserError as {@link deployWorkload}, environment/not-deployed, stack/*, aws/* */
export async function* deployToAccount(
  request: WorkloadToDeploy,
  tools: AccountTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, DeployResult, void> {
  const { name, env, tag } = request;
  const { workspace } = tools;
  const app = workspace.application;
  const [checked] = await checkManifests({ workspace, names: [name], env, variables: tools.env });
  if (!checked) throw new Error(`${name} was neither checked nor refused`);
  // Asked at the same time as who and where.
  const facts = factsFor(checked.manifest, { app, env }, tools);
  facts.catch(() => undefined);
  await Promise.allSettled([facts, tools.account.identity()]);
  yield { type: "target", app, env, name, target: await tools.account.target({ app, env }) };
  if (checked.diagnostics.length > 0) yield { type: "diagnostics", diagnostics: checked.diagnostics };
  const gathered = await facts;
  yield* registerWorkloads([{ checked, gathered }], { app, account: tools.account }, signal);
  if (signal.aborted) throw interrupted(name, env);
  const made = yield* makeForWorkloads([{ checked, gathered }], { tag }, tools, signal);
  return yield* deployMade({ request, checked, gathered, made: made[name] ?? {} }, tools, signal);
}

/** How long a deploy that has ended waits for what scans find, in milliseconds. */
const longestScan = 10_000;

export interface WorkloadToRollOut {
  request: WorkloadToDeploy;
  checked: CheckedManifest;
  gathered: GatheredFacts;
  made: MadeForWorkload;
}

/** Deploys a workload whose images and files are where they belong, and tells what scans have found in those that are new. */
export async function* deployMade(
  workload: WorkloadToRollOut,
  tools: AccountTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, DeployResult, void> {
  const result = yield* deployLocked(workload, tools, signal);
  const waitMs = result.outcome === "completed" ? longestScan : 0;
  yield* readScans(workload.made.toScan ?? [], { repositories: tools.account.repositories, waitMs, signal });
  return result;
}

async function* deployLocked(
  { request, checked, gathered: before, made }: WorkloadToRollOut,
  tools: AccountTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, DeployResult, void> {
  const { name, env } = request;
  const { workspace } = tools;
  const app = workspace.application;
  const { manifest } = checked;
  const locks = new EnvironmentLocks({ app, env, name }, "deploy", tools);
  const lock = locks.workload;
  // What runs programs is loaded while there is nothing else to do.
  const commit = async () => (await import("../workspace/git.ts")).gitRevision(workspace.root);
  try {
    let gathered = before;
    for (let attempt = 1; ; attempt++) {
      const { account } = tools;
      let isOld = yield* makeEnvironmentReady(manifest, gathered, { account, app, env, locks }, signal);
      if (placesRules(gathered.facts) && !locks.isHeld) {
        yield* locks.take(signal);
        isOld = true;
      }
      if (isOld) gathered = await factsFor(manifest, { app, env }, tools);
      if (!placesRules(gathered.facts)) await locks.releaseEnvironment();
      if (signal.aborted) throw interrupted(name, env);
      const { addonsTemplateUrl } = made;
      const facts = {
        ...gathered.facts,
        tags: { ...gathered.facts.tags, ...request.resourceTags },
        ...(addonsTemplateUrl !== undefined && { addonsTemplateUrl }),
      };
      const packaging = { workspace, name, env, variables: tools.env, made };
      const first = await packageWorkload({ ...packaging, facts });
      const certificates = yield* workloadCertificates(first.stack, { name, gathered }, tools.account, signal);
      const standsOnMore = Object.keys(certificates).length > 0;
      const { stack, diagnostics } = standsOnMore
        ? await packageWorkload({ ...packaging, facts: { ...facts, ...certificates } })
        : first;
      // Those of the manifest have been told.
      const further = diagnostics.slice(checked.diagnostics.length);
      if (further.length > 0) yield { type: "diagnostics", diagnostics: further };
      const former = await formerNames(manifest, gathered, tools.account);
      const toRollOut = { app, request, stack, gathered, ...placeOf(gathered), lock };
      const rolledOut = request.hotswap
        ? swappedOrRolledOut(toRollOut, tools, signal)
        : rollOut(toRollOut, tools, signal);
      const where = { ...facts.artifacts, region: facts.region };
      const deployment = { workload: { app, env, name }, stack, where, pushed: made.pushed, commit };
      const told = recorded(locks.untilRulesAre(rolledOut), deployment, tools);
      const result = yield* unlessPriorityTaken(told, attempt, signal);
      await locks.releaseEnvironment();
      if (result !== "stale") {
        const isThere = result.outcome === "completed" || result.outcome === "unchanged";
        const { keep } = request;
        if (isThere && keep !== undefined)
          yield* pruneHistory({ app, env, name }, { keep, where, lock }, tools, signal);
        if (isThere && result.hotswap === undefined) {
          yield* settleWorkload({ manifest, stack, gathered, former }, tools, signal);
          yield* settleEnvironment(manifest, gathered, tools, signal);
        }
        return result;
      }
      gathered = await factsFor(manifest, { app, env }, tools);
    }
  } finally {
    await locks.release();
  }
}

/** Past CloudFormation where that will do. */
async function* swappedOrRolledOut(
  stack: StackToRollOut,
  tools: AccountTools,
  signal: AbortSignal,
): AsyncGenerator<DeployStory, DeployResult | "stale", void> {
  const { hotswap } = await import("./hotswap.ts");
  const swapped = yield* hotswap(stack, tools, signal);
  return swapped === "full" ? yield* rollOut(stack, tools, signal) : swapped;
}

function interrupted(name: string, env: string): UserError {
  return new UserError("interrupted", `interrupted: ${name} was not deployed`, {
    hint: `pilotfish deploy -n ${name} -e ${env}`,
    exitCode: 130,
  });
}
