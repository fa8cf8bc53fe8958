import * as z from "zod/mini";
import { command } from "../../command.ts";
import { confirmOrRefuse } from "../../confirm.ts";
import { flags } from "../../flags.ts";
import { clean } from "../../render/clean.ts";
import { whileWaiting } from "../../while-waiting.ts";

export const localReset = command({
  name: "local reset",
  summary: "Removes everything that the simulator holds.",
  input: z.object({ yes: flags.yes, json: flags.json }),
  async run({ yes }, context) {
    const { simulator } = await context.wire();
    const question = "Remove all services, tasks, logs and settings of the simulator on this machine?";
    if (!(await confirmOrRefuse(question, yes, context))) return { text: "nothing was removed" };
    const { services } = await whileWaiting("removing everything", context, () => simulator.reset());
    const removed = services.length === 0 ? "" : `, with ${services.map(clean).join(", ")}`;
    return { text: `the simulator is empty${removed}`, json: { services } };
  },
});
