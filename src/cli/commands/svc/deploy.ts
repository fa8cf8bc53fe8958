import * as z from "zod/mini";
import { abortAndShow } from "../../abort-and-show.ts";
import { chooseDeployed, chooseFromWorkspace } from "../../choose/workload.ts";
import { accountFlags, hotswapFlag, previewDeploy, previewFlags, refuseOnLocal } from "../../choose/deploy-preview.ts";
import { command } from "../../command.ts";
import { deployAndShow } from "../../deploy-and-show.ts";
import { flags, toggle, whole } from "../../flags.ts";
import { lockTimeoutFlag } from "../../lock-tools.ts";

export const svcDeploy = command({
  name: "svc deploy",
  summary: "Builds a service's image and deploys it.",
  input: z.object({
    app: flags.app,
    name: flags.workload,
    env: flags.environment,
    local: flags.local,
    aws: flags.aws,
    tag: flags.tag,
    force: toggle({ name: "force", description: "Start a deployment although nothing has changed." }),
    noRollback: toggle({ name: "no-rollback", description: "Do not go back to the former version on failure." }),
    hotswap: hotswapFlag,
    failFast: toggle({ name: "fail-fast", description: "Give up, and roll back, at the first task that stops." }),
    detach: toggle({ name: "detach", description: "Return as soon as the deployment has been accepted." }),
    timeout: flags.timeout,
    lockTimeout: lockTimeoutFlag,
    ...previewFlags,
    ...accountFlags,
    keep: whole(
      {
        name: "keep",
        value: "N",
        description: "On AWS: afterwards forget all but so many of the former deployments; none that is in use.",
      },
      1,
      1000,
    ),
    abort: toggle({ name: "abort", description: "Deploy nothing, and stop the deployment that is running." }),
    json: flags.json,
  }),
  exclusive: [
    ["abort", "force"],
    ["abort", "detach"],
    ["abort", "keep"],
    ["abort", "hotswap"],
    ["hotswap", "noRollback"],
  ],
  examples: ["pilotfish svc deploy -n api -e local", "pilotfish svc deploy -n api -e local --json --timeout 10m"],
  async run(
    {
      force,
      hotswap,
      noRollback,
      failFast,
      timeout,
      lockTimeout,
      tag,
      resourceTags,
      allowDowngrade,
      keep,
      abort,
      ...input
    },
    context,
  ) {
    if (abort) return { exitCode: await abortAndShow(await chooseDeployed(input, context), context) };
    const chosen = await chooseFromWorkspace(input, context);
    refuseOnLocal({ ...input, resourceTags }, chosen.on);
    if (!(await previewDeploy({ ...input, hotswap }, [{ ...chosen, tag, resourceTags }], context))) return {};
    const options = {
      force,
      hotswap,
      noRollback,
      failFast,
      detach: input.detach || input.noWait,
      tag,
      resourceTags,
      allowDowngrade,
      keep,
      timeoutMs: timeout,
      lockTimeoutMs: lockTimeout,
    };
    return { exitCode: await deployAndShow(chosen, options, context) };
  },
});
