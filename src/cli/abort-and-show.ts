import { abortDeployment } from "../actions/abort-deployment.ts";
import type { ChosenWorkload } from "./choose/workload.ts";
import type { Context } from "./context.ts";
import { followDeploy } from "./follow-deploy.ts";
import { paint } from "./render/paint.ts";
import { renderDeployResult } from "./render/deploy-result.ts";

/** Stops the running deployment of a service, shows how that goes, and answers the exit code: 0 when it was stopped. */
export async function abortAndShow(chosen: ChosenWorkload, context: Context): Promise<number> {
  const { host, color } = context;
  const { app, env, name, on } = chosen;
  const workload = { app, env, name };
  const provider = await (await context.wire()).provider(on);
  const start = (signal: AbortSignal) => abortDeployment(workload, { provider, now: () => host.now() }, signal);
  const { result, interrupted } = await followDeploy({ workload, provider, start }, context);
  context.emit({ type: "result", ...result });
  const { outcome, rolledBackTo, deploymentId } = result;
  const stopped = outcome === "failed";
  if (!context.json && stopped) {
    const now = rolledBackTo === undefined ? "nothing was there before" : `revision ${rolledBackTo.revision} serves`;
    host.stdout.write(`${paint(color.stdout).green(`deployment ${deploymentId} of ${name} is stopped: ${now}`)}\n`);
  } else if (!context.json) {
    host.stderr.write(`${renderDeployResult(result, chosen, paint(color.stderr)).join("\n")}\n`);
  }
  if (interrupted) return 130;
  return stopped ? 0 : 1;
}
