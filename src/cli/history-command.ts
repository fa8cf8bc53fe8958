import * as z from "zod/mini";
import { workloadHistory } from "../actions/workload-history.ts";
import { chooseDeployed } from "./choose/workload.ts";
import { command } from "./command.ts";
import { flags, whole } from "./flags.ts";
import { renderHistory } from "./render/history.ts";
import { paint } from "./render/paint.ts";

const nouns = { svc: "service", job: "job" };

/** The command of a group that lists the deployments of one of its workloads. */
export function historyCommand(group: "svc" | "job") {
  return command({
    name: `${group} history`,
    summary: `Lists what was deployed of a ${nouns[group]}, by whom, and how it ended.`,
    input: z.object({
      app: flags.app,
      name: flags.workload,
      env: flags.environment,
      local: flags.local,
      aws: flags.aws,
      limit: whole({ name: "limit", value: "N", description: "At most so many, the newest; 20 by default." }, 1, 1000),
      json: flags.json,
    }),
    examples: [`pilotfish ${group} history -n api -e test`],
    async run({ limit = 20, ...input }, context) {
      const { on, ...workload } = await chooseDeployed(input, context);
      const wire = await context.wire();
      const provider = await wire.provider(on);
      const found = await workloadHistory(workload, { limit }, { provider, account: () => wire.account() });
      const deployments = found.map(({ record: _, ...entry }) => entry);
      return {
        text: renderHistory(deployments, context.host.now(), paint(context.color.stdout)).join("\n"),
        json: { ...workload, deployments },
      };
    },
  });
}
