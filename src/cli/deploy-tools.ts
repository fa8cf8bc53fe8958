import type { DeployTools } from "../actions/deploy-workload.ts";
import type { Workspace } from "../actions/open-workspace.ts";
import type { Context } from "./context.ts";
import type { BackEnd } from "./wire-contract.ts";

/** What workloads are built and deployed with. */
export async function deployTools(
  { on, workspace }: { on: BackEnd; workspace: Workspace },
  { host, version, wire: open }: Context,
): Promise<DeployTools> {
  const wire = await open();
  return {
    workspace,
    provider: await wire.provider(on),
    // The docker client's own choice, unless the simulator has made one.
    dockerHost: async () => (on === "local" ? wire.dockerHost() : undefined),
    env: host.env,
    cwd: host.cwd,
    version,
    now: () => host.now(),
  };
}
