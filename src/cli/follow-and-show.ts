import { reportDeployments } from "./ci/report-deployments.ts";
import type { ChosenWorkload } from "./choose/workload.ts";
import type { Context } from "./context.ts";
import { type DeployToFollow, followDeploy } from "./follow-deploy.ts";
import { paint } from "./render/paint.ts";
import { renderDeployResult } from "./render/deploy-result.ts";

/** Follows a deployment, shows how it goes and how it ended, and answers the exit code. */
export async function followAndShow(
  chosen: ChosenWorkload,
  { provider, start }: Pick<DeployToFollow, "provider" | "start">,
  context: Context,
): Promise<number> {
  const { host, color } = context;
  const { app, env, name } = chosen;
  const { result, interrupted } = await followDeploy({ workload: { app, env, name }, provider, start }, context);
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
