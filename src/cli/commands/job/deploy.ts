import * as z from "zod/mini";
import { chooseJob, nameFlag } from "../../choose/workload-group.ts";
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
    json: flags.json,
  }),
  examples: ["pilotfish job deploy -n report -e test"],
  async run({ noRollback, detach, lockTimeout, tag, ...input }, context) {
    const chosen = await chooseJob(input, context);
    const options = { force: false, noRollback, failFast: false, detach, tag, lockTimeoutMs: lockTimeout };
    return { exitCode: await deployAndShow(chosen, options, context) };
  },
});
