import * as z from "zod/mini";
import { chooseDeployedJob, nameFlag } from "../../choose/workload-group.ts";
import { command } from "../../command.ts";
import { duration, flags, instant, list, text, toggle, whole } from "../../flags.ts";
import { printLogs } from "../../print-logs.ts";

export const jobLogs = command({
  name: "job logs",
  summary: "Prints the logs of a job's last runs.",
  input: z.object({
    app: flags.app,
    name: nameFlag("job"),
    env: flags.environment,
    follow: toggle({ name: "follow", description: "Go on with new lines until Ctrl-C." }),
    since: duration({ name: "since", value: "DURATION", description: "Lines of this last while, such as 90s or 1h." }),
    startTime: instant({ name: "start-time", value: "TIME", description: "Lines from this time on, as RFC 3339." }),
    endTime: instant({ name: "end-time", value: "TIME", description: "Lines up to this time, as RFC 3339." }),
    limit: whole({ name: "limit", value: "NUMBER", description: "The newest lines only, 1 to 10000." }, 1, 10_000),
    last: whole(
      {
        name: "last",
        value: "NUMBER",
        description: "Lines of so many of the newest runs; of one when nothing else is said.",
      },
      1,
      1000,
    ),
    tasks: list({
      name: "tasks",
      value: "IDS",
      description: "Lines of these tasks only; the beginning of an id will do.",
    }),
    container: text({ name: "container", value: "NAME", description: "Lines of this container only." }),
    stateMachine: toggle({
      name: "include-state-machine",
      description: "With what the state machine tells: starts, tries, ends.",
    }),
    json: flags.json,
  }),
  exclusive: [
    ["since", "startTime"],
    ["follow", "endTime"],
    ["stateMachine", "tasks"],
    ["follow", "last"],
    ["last", "tasks"],
  ],
  examples: ["pilotfish job logs -n report -e test --last 3", "pilotfish job logs -n report -e test --follow"],
  async run({ app, name, env, json: _, since, startTime, endTime: until, last, ...wanted }, context) {
    const job = await chooseDeployedJob({ app, name, env }, context);
    if (name === undefined) context.say(`logs of ${job.name} of ${job.app} in ${job.env}`);
    const from = since === undefined ? startTime : context.host.now() - since;
    const { follow, limit, tasks } = wanted;
    const saysNothing = [from, until, limit, tasks].every((each) => each === undefined) && !follow;
    const executions = last ?? (saysNothing ? 1 : undefined);
    return printLogs({ ...job, ...wanted, since: from, until, executions }, "aws", context);
  },
});
