import {
  deployWorkload,
  type DeployStory,
  type DeployTools,
  type WorkloadToDeploy,
} from "../actions/deploy-workload.ts";
import type { Workspace } from "../actions/open-workspace.ts";
import type { LockTools } from "../actions/deployment-lock.ts";
import type { DeployResult, LocalProvider } from "../providers/provider.ts";
import { reportDeployments } from "./ci/report-deployments.ts";
import type { ChosenWorkload } from "./choose/workload.ts";
import type { Context } from "./context.ts";
import { followDeploy } from "./follow-deploy.ts";
import { lockTools } from "./lock-tools.ts";
import { paint } from "./render/paint.ts";
import { renderDeployResult } from "./render/deploy-result.ts";

export type DeployOptions = Omit<WorkloadToDeploy, "name" | "env"> & { lockTimeoutMs?: number | undefined };

/** Deploys a workload, shows how it goes, and answers the exit code. */
export async function deployAndShow(
  chosen: ChosenWorkload & { workspace: Workspace },
  { lockTimeoutMs, ...options }: DeployOptions,
  context: Context,
): Promise<number> {
  const { host, version, color } = context;
  const { name, env, on, workspace } = chosen;
  const wire = await context.wire();
  const provider = await wire.provider(on);
  const tools: DeployTools = {
    workspace,
    provider,
    // The docker client's own choice, unless the simulator has made one.
    dockerHost: async () => (on === "local" ? wire.dockerHost() : undefined),
    env: host.env,
    cwd: host.cwd,
    version,
    now: () => host.now(),
  };
  const deploy =
    on === "local"
      ? deployerOn(await wire.provider(on))
      : await deployerTo(lockTools(await wire.account(), lockTimeoutMs, context));
  const { result, interrupted } = await followDeploy(
    {
      workload: { app: chosen.app, env, name },
      provider,
      start: (signal) => deploy({ name, env, ...options }, tools, signal),
    },
    context,
  );
  context.emit({ type: "result", ...result });
  const succeeded = ["completed", "unchanged", "detached"].includes(result.outcome);
  if (!context.json) {
    const [stream, colored] = succeeded ? [host.stdout, color.stdout] : [host.stderr, color.stderr];
    stream.write(`${renderDeployResult(result, chosen, paint(colored)).join("\n")}\n`);
  }
  const outcome = interrupted ? "interrupted" : succeeded ? "completed" : "failed";
  const done = succeeded ? { deployed: [name] } : { deployed: [], failed: name };
  await reportDeployments({ outcome, ...done, notTried: [], results: { [name]: result } }, chosen, context);
  return { completed: 0, failed: 1, interrupted: 130 }[outcome];
}

type Deployer = (
  request: WorkloadToDeploy,
  tools: DeployTools,
  signal: AbortSignal,
) => AsyncGenerator<DeployStory, DeployResult, void>;

/** What deploys to the simulator. */
function deployerOn(provider: LocalProvider): Deployer {
  return (request, tools, signal) => deployWorkload(request, { ...tools, provider }, signal);
}

/** What deploys to AWS is loaded for that alone. */
async function deployerTo(locks: LockTools): Promise<Deployer> {
  const { deployToAccount } = await import("../actions/deploy-to-account.ts");
  return (request, tools, signal) => deployToAccount(request, { ...tools, ...locks }, signal);
}
