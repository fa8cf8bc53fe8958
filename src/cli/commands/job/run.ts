import * as z from "zod/mini";
import { chooseDeployedJob, nameFlag } from "../../choose/workload-group.ts";
import { command } from "../../command.ts";
import { flags } from "../../flags.ts";

export const jobRun = command({
  name: "job run",
  summary: "Runs a job now, whatever its schedule says.",
  input: z.object({ app: flags.app, name: nameFlag("job"), env: flags.environment, json: flags.json }),
  examples: ["pilotfish job run -n report -e test"],
  async run({ json: _, ...input }, context) {
    const job = await chooseDeployedJob(input, context);
    const { jobs } = await (await context.wire()).account();
    const started = await jobs.run(job);
    const { app, env, name } = job;
    return {
      text: [
        `${name} runs in ${env}: execution ${started.execution}`,
        `  logs: pilotfish job logs -a ${app} -n ${name} -e ${env} --follow`,
      ].join("\n"),
      json: { ...job, ...started },
    };
  },
});
