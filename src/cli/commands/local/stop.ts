import * as z from "zod/mini";
import { command } from "../../command.ts";
import { flags } from "../../flags.ts";
import { whileWaiting } from "../../while-waiting.ts";

export const localStop = command({
  name: "local stop",
  summary: "Stops the simulator; its services come back with the next start.",
  input: z.object({ json: flags.json }),
  async run(_input, context) {
    const { simulator } = await context.wire();
    const stopped = await whileWaiting("stopping the simulator and its tasks", context, () => simulator.stop());
    return { text: stopped ? "the simulator has stopped" : "the simulator was not running", json: { stopped } };
  },
});
