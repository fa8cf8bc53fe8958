import * as z from "zod/mini";
import { chooseFromWorkspace } from "../../choose/workload.ts";
import { accountFlags, previewDeploy, previewFlags, refuseOnLocal } from "../../choose/deploy-preview.ts";
import { command } from "../../command.ts";
import { deployAndShow } from "../../deploy-and-show.ts";
import { flags, toggle } from "../../flags.ts";
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
    failFast: toggle({ name: "fail-fast", description: "Give up, and roll back, at the first task that stops." }),
    detach: toggle({ name: "detach", description: "Return as soon as the deployment has been accepted." }),
    timeout: flags.timeout,
    lockTimeout: lockTimeoutFlag,
    ...previewFlags,
    ...accountFlags,
    json: flags.json,
  }),
  examples: ["pilotfish svc deploy -n api -e local", "pilotfish svc deploy -n api -e local --json --timeout 10m"],
  async run(
    { force, noRollback, failFast, timeout, lockTimeout, tag, resourceTags, allowDowngrade, ...input },
    context,
  ) {
    const chosen = await chooseFromWorkspace(input, context);
    refuseOnLocal({ ...input, resourceTags }, chosen.on);
    if (!(await previewDeploy(input, { ...chosen, tag, resourceTags }, context))) return {};
    const options = {
      force,
      noRollback,
      failFast,
      detach: input.detach || input.noWait,
      tag,
      resourceTags,
      allowDowngrade,
      timeoutMs: timeout,
      lockTimeoutMs: lockTimeout,
    };
    return { exitCode: await deployAndShow(chosen, options, context) };
  },
});
