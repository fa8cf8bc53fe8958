import * as z from "zod/mini";
import { UserError } from "../../../errors.ts";
import { chooseDeployed } from "../../choose/workload.ts";
import { command } from "../../command.ts";
import { duration, flags, instant, list, text, toggle, whole } from "../../flags.ts";
import { printLogs } from "../../print-logs.ts";

export const svcLogs = command({
  name: "svc logs",
  summary: "Prints the logs of a deployed service.",
  input: z.object({
    app: flags.app,
    name: flags.workload,
    env: flags.environment,
    local: flags.local,
    aws: flags.aws,
    follow: toggle({ name: "follow", description: "Go on with new lines until Ctrl-C." }),
    since: duration({ name: "since", value: "DURATION", description: "Lines of this last while, such as 90s or 1h." }),
    startTime: instant({ name: "start-time", value: "TIME", description: "Lines from this time on, as RFC 3339." }),
    endTime: instant({ name: "end-time", value: "TIME", description: "Lines up to this time, as RFC 3339." }),
    limit: whole({ name: "limit", value: "NUMBER", description: "The newest lines only, 1 to 10000." }, 1, 10_000),
    tasks: list({
      name: "tasks",
      value: "IDS",
      description: "Lines of these tasks only; the beginning of an id will do.",
    }),
    container: text({ name: "container", value: "NAME", description: "Lines of this container only." }),
    filter: text({
      name: "filter",
      value: "TERMS",
      description: `Lines with all of these terms; "two words" is one, -x must not be there, of ?x ?y one.`,
    }),
    previous: toggle({ name: "previous", short: "p", description: "Lines of the task that stopped last." }),
    logGroup: text({
      name: "log-group",
      value: "NAME",
      description: "A log group of CloudWatch instead of the service's own; on AWS.",
    }),
    json: flags.json,
  }),
  exclusive: [
    ["since", "startTime"],
    ["follow", "endTime"],
    ["follow", "previous"],
  ],
  examples: [
    "pilotfish svc logs -n api -e local --follow",
    "pilotfish svc logs -n api -e local --since 5m --limit 100",
    `pilotfish svc logs -n api -e local --filter 'ERROR -"health check"'`,
  ],
  async run(
    { since, startTime, endTime, follow, limit, tasks, container, filter, previous, logGroup, ...input },
    context,
  ) {
    const { on, ...workload } = await chooseDeployed(input, context);
    if (input.name === undefined) context.say(`logs of ${workload.name} of ${workload.app} in ${workload.env}`);
    if (on === "local" && logGroup !== undefined)
      throw new UserError(
        "usage/invalid-flag",
        "--log-group names a log group of CloudWatch, and the simulator has none",
      );
    const from = since === undefined ? startTime : context.host.now() - since;
    const wanted = { follow, since: from, until: endTime, limit, tasks, container, filter, previous, logGroup };
    return printLogs({ ...workload, ...wanted }, on, context);
  },
});
