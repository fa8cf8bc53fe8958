import * as z from "zod/mini";
import { command } from "../command.ts";
import { flags } from "../flags.ts";

export const version = command({
  name: "version",
  summary: "Prints the version.",
  input: z.object({ json: flags.json }),
  async run(_input, { version: current }) {
    return { text: `pilotfish ${current}`, json: { version: current, node: process.versions.node } };
  },
});
