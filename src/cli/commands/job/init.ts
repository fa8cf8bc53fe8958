import * as z from "zod/mini";
import { initJob } from "../../../actions/init-job.ts";
import { openWorkspace } from "../../../actions/open-workspace.ts";
import { UserError } from "../../../errors.ts";
import { chooseNewJob } from "../../choose/new-job.ts";
import { nameFlag } from "../../choose/workload-group.ts";
import { requireApplication } from "../../choose/workload.ts";
import { command } from "../../command.ts";
import { flags, text, toggle, whole } from "../../flags.ts";
import { fileLine } from "../../render/file-line.ts";

export const jobInit = command({
  name: "job init",
  summary: "Adds a job to the application.",
  input: z.object({
    app: flags.app,
    name: nameFlag("job"),
    type: text({
      name: "job-type",
      short: "t",
      value: "TYPE",
      description: `"Scheduled Job", which is the only one.`,
      completes: ["Scheduled Job"],
    }),
    dockerfile: flags.dockerfile,
    image: flags.image,
    schedule: text({
      name: "schedule",
      short: "s",
      value: "SCHEDULE",
      description: `When it runs, in UTC: "0 3 * * *", "@daily", "@every 90m", "rate(1 hour)".`,
    }),
    timeout: text({
      name: "timeout",
      value: "DURATION",
      description: "How long all tries together may take: 90s, 1h.",
    }),
    retries: whole(
      { name: "retries", value: "NUMBER", description: "How often a failed run is tried again." },
      0,
      99_999,
    ),
    allowDowngrade: toggle({ name: "allow-downgrade", description: "Nothing here can be newer; for Copilot's sake." }),
  }),
  exclusive: [["dockerfile", "image"]],
  examples: ["pilotfish job init -n report -s @daily -d report/Dockerfile"],
  async run({ app, type, allowDowngrade: _, ...input }, context) {
    const { host } = context;
    if (type !== undefined && type !== "Scheduled Job")
      throw new UserError("usage/invalid-flag", `--job-type: there is no type "${type}" of jobs`, {
        hint: `use "Scheduled Job", or leave it out`,
      });
    const workspace = await openWorkspace(host.cwd);
    requireApplication(app, workspace);
    const job = await chooseNewJob(input, workspace.root, context);
    const written = await initJob(job, { workspace, packageRoot: host.packageRoot });
    return { text: `${written.map(fileLine).join("\n")}\n\ndeploy it: pilotfish job deploy -n ${job.name} -e test` };
  },
});
