import * as z from "zod/mini";
import { chooseJob, nameFlag } from "../../choose/workload-group.ts";
import { accountFlags, previewDeploy, previewFlags, refuseOnLocal } from "../../choose/deploy-preview.ts";
import { command } from "../../command.ts";
import { deployAndShow } from "../../deploy-and-show.ts";
import { flags, toggle } from "../../flags.ts";
import { lockTimeoutFlag } from "../../lock-tools.ts";

export const jobDeploy = command({
  name: "job deploy",
  summary: "Builds a job's image and deploys it.",
  input: z.object({
    app: flags.app,
    name: nameFlag("job"),
    env: flags.environment,
    local: flags.local,
    aws: flags.aws,
    tag: flags.tag,
    noRollback: toggle({ name: "no-rollback", description: "Do not go back to the former version on failure." }),
    detach: toggle({ name: "detach", description: "Return as soon as CloudFormation has begun." }),
    lockTimeout: lockTimeoutFlag,
    ...previewFlags,
    ...accountFlags,
    json: flags.json,
  }),
  examples: ["pilotfish job deploy -n report -e test"],
  async run({ noRollback, lockTimeout, tag, resourceTags, allowDowngrade, ...input }, context) {
    const chosen = await chooseJob(input, context);
    refuseOnLocal({ ...input, resourceTags }, chosen.on);
    if (!(await previewDeploy(input, [{ ...chosen, tag, resourceTags }], context))) return {};
    const options = {
      force: false,
      noRollback,
      failFast: false,
      detach: input.detach || input.noWait,
      tag,
      resourceTags,
      allowDowngrade,
      lockTimeoutMs: lockTimeout,
    };
    return { exitCode: await deployAndShow(chosen, options, context) };
  },
});
