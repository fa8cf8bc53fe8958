import * as z from "zod/mini";
import { command } from "../command.ts";
import { flags } from "../flags.ts";
import { versionText } from "../version-text.ts";

export const version = command({
  name: "version",
  summary: "Prints the version.",
  input: z.object({ json: flags.json }),
  async run(_input, { version: current }) {
    return { text: versionText(current), json: { version: current, node: process.versions.node } };
  },
});
