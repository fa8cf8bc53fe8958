import {
  deployWorkload,
  type DeployStory,
  type DeployTools,
  type WorkloadToDeploy,
} from "../actions/deploy-workload.ts";
import type { Workspace } from "../actions/open-workspace.ts";
import type { LockTools } from "../actions/deployment-lock.ts";
import type { DeployResult, LocalProvider } from "../providers/provider.ts";
import type { ChosenWorkload } from "./choose/workload.ts";
import type { Context } from "./context.ts";
import { deployTools } from "./deploy-tools.ts";
import { followAndShow } from "./follow-and-show.ts";
import { lockTools } from "./lock-tools.ts";

export type DeployOptions = Omit<WorkloadToDeploy, "name" | "env"> & { lockTimeoutMs?: number | undefined };

/** Deploys a workload, shows how it goes, and answers the exit code. */
export async function deployAndShow(
  chosen: ChosenWorkload & { workspace: Workspace },
  { lockTimeoutMs, ...options }: DeployOptions,
  context: Context,
): Promise<number> {
  const { name, env, on, workspace } = chosen;
  const wire = await context.wire();
  const tools = await deployTools({ on, workspace }, context);
  const { provider } = tools;
  const deploy =
    on === "local"
      ? deployerOn(await wire.provider(on))
      : await deployerTo(lockTools(await wire.account(), lockTimeoutMs, context));
  const start = (signal: AbortSignal) => deploy({ name, env, ...options }, tools, signal);
  return followAndShow(chosen, { provider, start }, context);
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
