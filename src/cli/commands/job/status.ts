import * as z from "zod/mini";
import { chooseDeployedJob, nameFlag } from "../../choose/workload-group.ts";
import { command } from "../../command.ts";
import { flags, whole } from "../../flags.ts";
import { paint } from "../../render/paint.ts";
import { renderExecutions } from "../../render/job-executions.ts";

export const jobStatus = command({
  name: "job status",
  summary: "Shows the last runs of a deployed job, and how they ended.",
  input: z.object({
    app: flags.app,
    name: nameFlag("job"),
    env: flags.environment,
    last: whole({ name: "last", value: "NUMBER", description: "So many of the newest runs; 5 when absent." }, 1, 1000),
    json: flags.json,
  }),
  examples: ["pilotfish job status -n report -e test"],
  async run({ last = 5, json: _, ...input }, context) {
    const job = await chooseDeployedJob(input, context);
    const { jobs } = await (await context.wire()).account();
    const executions = await jobs.executions(job, last);
    return {
      text: renderExecutions(job, executions, context.host.now(), paint(context.color.stdout)).join("\n"),
      json: { ...job, executions },
    };
  },
});
