import type { LockTools } from "../actions/deployment-lock.ts";
import { type DeployStory, type DeployTools, nothingToSwap } from "../actions/deploy-workload.ts";
import type { ReadyToDeploy, WorkloadsForAccount } from "../actions/prepare-for-account.ts";
import { prepareWorkloads } from "../actions/prepare-workloads.ts";
import { UserError } from "../errors.ts";
import type { DeployResult, LocalProvider } from "../providers/provider.ts";
import { reportDeployments } from "./ci/report-deployments.ts";
import type { ChosenWorkloads } from "./choose/workloads.ts";
import type { Context } from "./context.ts";
import { deployTools } from "./deploy-tools.ts";
import { followDeploy, followPreparation } from "./follow-deploy.ts";
import { lockTools } from "./lock-tools.ts";
import { renderDeployResult } from "./render/deploy-result.ts";
import { type DeploymentsSummary, renderDeploymentsSummary } from "./render/deployments-summary.ts";
import { paint } from "./render/paint.ts";

type Options = Omit<WorkloadsForAccount, "workloads" | "env"> & { lockTimeoutMs?: number | undefined };

const succeeded = new Set<DeployResult["outcome"]>(["completed", "unchanged", "detached"]);

/** Deploys workloads one after the other and answers the exit code. All are checked and built before the first one is
 *  deployed; after one that fails, none is tried, and those before it stay. */
export async function deployAll(
  { app, env, on, workloads, workspace }: ChosenWorkloads,
  { tag, lockTimeoutMs, ...options }: Options,
  context: Context,
): Promise<number> {
  const { host, color } = context;
  const wire = await context.wire();
  const tools = await deployTools({ on, workspace }, context);
  const { provider } = tools;
  const prepare =
    on === "local"
      ? preparerOn(await wire.provider(on))
      : await preparerFor(lockTools(await wire.account(), lockTimeoutMs, context));
  const ready = await followPreparation(
    (signal) => prepare({ workloads, env, tag, ...options }, tools, signal),
    context,
  );
  const names = ready.map(({ name }) => name);
  const summary: DeploymentsSummary = { outcome: "completed", deployed: [], notTried: [...names], results: {} };
  let stopped = false;
  for (const [index, { name, deploy }] of ready.entries()) {
    if (stopped) summary.outcome = "interrupted";
    if (summary.outcome !== "completed") break;
    const workload = { app, env, name };
    context.emit({ type: "workload", name, number: index + 1, of: names.length });
    if (names.length > 1) context.say(paint(color.stderr).bold(`${name} (${index + 1} of ${names.length})`));
    summary.notTried = names.slice(index + 1);
    const { result, interrupted } = await followDeploy({ workload, provider, start: deploy }, context).catch(
      async (error: unknown) => {
        await reportDeployments(summary, { app, env }, context);
        throw withSummary(error, { ...summary, outcome: "failed", failed: name });
      },
    );
    context.interrupts.take(() => (stopped = true));
    const good = succeeded.has(result.outcome);
    summary.results[name] = result;
    if (good) summary.deployed.push(name);
    else summary.failed = name;
    if (!context.json) {
      const [stream, colored] = good ? [host.stdout, color.stdout] : [host.stderr, color.stderr];
      stream.write(`${renderDeployResult(result, { ...workload, on }, paint(colored)).join("\n")}\n`);
    }
    if (interrupted) summary.outcome = "interrupted";
    else if (!good) summary.outcome = "failed";
  }
  context.emit({ type: "result", ...summary });
  if (names.length > 1) context.say(renderDeploymentsSummary(summary, paint(color.stderr)));
  await reportDeployments(summary, { app, env }, context);
  return { completed: 0, failed: 1, interrupted: 130 }[summary.outcome];
}

type Prepare = (
  request: Omit<WorkloadsForAccount, "workloads"> & Pick<ChosenWorkloads, "workloads">,
  tools: DeployTools,
  signal: AbortSignal,
) => AsyncGenerator<DeployStory, ReadyToDeploy[], void>;

/** What deploys to the simulator. */
function preparerOn(provider: LocalProvider): Prepare {
  return async function* (
    { workloads, env, tag, resourceTags: _, allowDowngrade: __, hotswap, ...options },
    tools,
    signal,
  ) {
    const request = { workloads, env, ...(tag !== undefined && { tag }) };
    const prepared = yield* prepareWorkloads(request, { ...tools, provider }, signal);
    if (hotswap === true) yield nothingToSwap;
    return prepared.map((one) => ({
      name: one.plan.name,
      deploy: (stop) => provider.deployWorkload({ ...one, ...options }, stop),
    }));
  };
}

/** What deploys to AWS is loaded for that alone. */
async function preparerFor(locks: LockTools): Promise<Prepare> {
  const { prepareForAccount } = await import("../actions/prepare-for-account.ts");
  return (request, tools, signal) => prepareForAccount(request, { ...tools, ...locks }, signal);
}

/** What kept a deployment from beginning, with what had been deployed until then. */
function withSummary(error: unknown, summary: DeploymentsSummary): unknown {
  if (!(error instanceof UserError)) return error;
  const { code, message, hint, place, diagnostics, details, exitCode } = error;
  const all = [...details, renderDeploymentsSummary(summary, paint(false))];
  return new UserError(code, message, { hint, place, diagnostics, details: all, exitCode, cause: error });
}
