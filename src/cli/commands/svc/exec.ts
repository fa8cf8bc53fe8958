import * as z from "zod/mini";
import { execCommand } from "../../../actions/exec-command.ts";
import { chooseDeployed } from "../../choose/workload.ts";
import { command } from "../../command.ts";
import { flags, text, toggle } from "../../flags.ts";
import { runSession } from "../../run-session.ts";

export const svcExec = command({
  name: "svc exec",
  summary: "Runs a command in a container of a running task, or opens a shell there.",
  input: z.object({
    app: flags.app,
    env: flags.environment,
    name: flags.workload,
    local: flags.local,
    aws: flags.aws,
    command: text({
      name: "command",
      short: "c",
      value: "COMMAND",
      description: "What to run, without a shell around it; by default /bin/sh.",
    }),
    taskId: text({ name: "task-id", value: "ID", description: "The task; the beginning of its id will do." }),
    container: text({
      name: "container",
      value: "NAME",
      description: "The container; by default the one that is named as the service.",
    }),
    yes: toggle({ name: "yes", description: "Do not ask; nothing is installed here." }),
  }),
  examples: [
    "pilotfish svc exec -n api -e local",
    `pilotfish svc exec -n api -e local -c 'sh -c "ls | wc -l"'`,
    "pilotfish svc exec -n db -e local -c psql < dump.sql",
  ],
  async run({ command: line = "/bin/sh", taskId, container, yes: _, ...input }, context) {
    const { on, ...workload } = await chooseDeployed(input, context);
    const { host } = context;
    const onTerminal = host.stdin.isTerminal && host.stdout.isTerminal;
    const { columns, rows } = host.stdout;
    const terminal = onTerminal ? { columns, rows } : undefined;
    const provider = await (await context.wire()).provider(on);
    const request = { ...workload, command: line, task: taskId, container, terminal };
    const exitCode = await runSession(
      (signal) => execCommand(request, { provider, signal }),
      line,
      onTerminal,
      context,
    );
    return { exitCode };
  },
});
