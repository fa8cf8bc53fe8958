import * as z from "zod/mini";
import { execInTask } from "../../../actions/exec-in-task.ts";
import { chooseTaskGroup, onePlace, taskGroupFlags } from "../../choose/task-group.ts";
import { command } from "../../command.ts";
import { text, toggle } from "../../flags.ts";
import { runSession } from "../../run-session.ts";

export const taskExec = command({
  name: "task exec",
  summary: "Runs a command in the container of a one-off task, or opens a shell there.",
  input: z.object({
    ...taskGroupFlags,
    command: text({
      name: "command",
      short: "c",
      value: "COMMAND",
      description: "What to run, without a shell around it; by default /bin/sh.",
    }),
    taskId: text({ name: "task-id", value: "ID", description: "The task; the beginning of its id will do." }),
    yes: toggle({ name: "yes", description: "Do not ask; nothing is installed here." }),
  }),
  exclusive: onePlace,
  examples: ["pilotfish task exec -n db-migrate -e test", "pilotfish task exec -n report --default -c 'ls /tmp'"],
  async run({ command: line = "/bin/sh", taskId: task, yes: _, ...input }, context) {
    const { on, ...ref } = await chooseTaskGroup(input, context);
    const { host } = context;
    const onTerminal = host.stdin.isTerminal && host.stdout.isTerminal;
    const { columns, rows } = host.stdout;
    const terminal = onTerminal ? { terminal: { columns, rows } } : {};
    const provider = await (await context.wire()).provider(on);
    const request = { ...ref, command: line, ...(task !== undefined && { task }), ...terminal };
    const start = (signal: AbortSignal) => execInTask(request, { provider, signal });
    return { exitCode: await runSession(start, line, onTerminal, context) };
  },
});
