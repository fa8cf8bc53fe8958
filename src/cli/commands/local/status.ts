import * as z from "zod/mini";
import { command } from "../../command.ts";
import { flags } from "../../flags.ts";
import { paint } from "../../render/paint.ts";
import { renderSimulatorStatus } from "../../render/simulator-status.ts";

export const localStatus = command({
  name: "local status",
  summary: "Shows whether the simulator runs, and what runs in it.",
  input: z.object({ json: flags.json }),
  async run(_input, context) {
    const status = await (await context.wire()).simulator.status();
    if (status === undefined)
      return { text: "the simulator is not running; it starts with the first deploy", json: { running: false } };
    return {
      text: renderSimulatorStatus(status, context.host.now(), paint(context.color.stdout)).join("\n"),
      json: { running: true, ...status },
    };
  },
});
