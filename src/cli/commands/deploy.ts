import * as z from "zod/mini";
import { accountFlags, hotswapFlag, previewDeploy, previewFlags, refuseOnLocal } from "../choose/deploy-preview.ts";
import { chooseWorkloads } from "../choose/workloads.ts";
import { command } from "../command.ts";
import { deployAll } from "../deploy-all.ts";
import { flags, list, toggle } from "../flags.ts";
import { lockTimeoutFlag } from "../lock-tools.ts";

export const deploy = command({
  name: "deploy",
  summary: "Deploys the services of the application, one after the other.",
  input: z.object({
    app: flags.app,
    names: list({
      name: "name",
      short: "n",
      value: "NAMES",
      description: "Only these services; with a number, those with lower ones first: api/1,web/2.",
      completes: "workload",
    }),
    env: flags.environment,
    local: flags.local,
    aws: flags.aws,
    all: toggle({ name: "all", description: "All services of the workspace; so it is when none is named." }),
    tag: flags.tag,
    force: toggle({ name: "force", description: "Start deployments although nothing has changed." }),
    hotswap: hotswapFlag,
    noRollback: toggle({ name: "no-rollback", description: "Do not go back to the former version on failure." }),
    detach: toggle({ name: "detach", description: "Go on as soon as each deployment has been accepted." }),
    timeout: flags.timeout,
    lockTimeout: lockTimeoutFlag,
    ...previewFlags,
    ...accountFlags,
    initWkld: toggle({ name: "init-wkld", description: "Nothing has to be initialised here; for Copilot's sake." }),
    initEnv: toggle({ name: "init-env", description: "On AWS: create the environment, unless it is there." }),
    deployEnv: toggle({ name: "deploy-env", description: "On AWS: deploy the environment first." }),
    json: flags.json,
  }),
  exclusive: [
    ["hotswap", "noRollback"],
    ["dryRun", "initEnv"],
    ["dryRun", "deployEnv"],
  ],
  examples: ["pilotfish deploy -e local", "pilotfish deploy -e local -n db/1,api/2,web"],
  async run(
    {
      names,
      all,
      initEnv,
      deployEnv,
      tag,
      force,
      hotswap,
      noRollback,
      timeout,
      lockTimeout,
      resourceTags,
      allowDowngrade,
      ...input
    },
    context,
  ) {
    const chosen = await chooseWorkloads({ ...input, names, all }, context);
    refuseOnLocal({ ...input, resourceTags }, chosen.on);
    if (chosen.on === "aws" && (initEnv || deployEnv))
      await (
        await import("../ready-environment.ts")
      ).readyEnvironment(chosen, { init: initEnv, deploy: deployEnv, lockTimeoutMs: lockTimeout }, context);
    const previews = chosen.workloads.map(({ name }) => ({ ...chosen, name, tag, resourceTags }));
    if (!(await previewDeploy({ ...input, hotswap }, previews, context))) return {};
    const options = {
      force,
      hotswap,
      noRollback,
      detach: input.detach || input.noWait,
      failFast: false,
      resourceTags,
      allowDowngrade,
      timeoutMs: timeout,
      lockTimeoutMs: lockTimeout,
    };
    return { exitCode: await deployAll(chosen, { tag, ...options }, context) };
  },
});
