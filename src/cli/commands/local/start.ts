import * as z from "zod/mini";
import { command } from "../../command.ts";
import { factor, flags } from "../../flags.ts";
import { paint } from "../../render/paint.ts";
import { renderSimulatorStatus } from "../../render/simulator-status.ts";
import { whileWaiting } from "../../while-waiting.ts";

export const localStart = command({
  name: "local start",
  summary: "Starts the simulator on this machine, or sets its speed.",
  input: z.object({
    speed: factor({
      name: "speed",
      value: "NUMBER",
      description: "How much faster than on AWS its waits run; 1 is AWS's own time.",
    }),
    json: flags.json,
  }),
  async run({ speed }, context) {
    const { simulator } = await context.wire();
    const { started, ...status } = await whileWaiting("starting the simulator", context, () =>
      simulator.start({ speed }),
    );
    const lines = renderSimulatorStatus(status, context.host.now(), paint(context.color.stdout));
    return {
      text: [started ? "the simulator has started" : "the simulator was running", ...lines].join("\n"),
      json: { started, ...status },
    };
  },
});
