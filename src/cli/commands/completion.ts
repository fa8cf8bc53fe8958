import { basename } from "node:path";
import * as z from "zod/mini";
import { UserError } from "../../errors.ts";
import { command } from "../command.ts";
import { completionScripts, type Shell, shells } from "../completion/scripts.ts";
import type { Context } from "../context.ts";
import { operandOf } from "../flags.ts";

export const completion = command({
  name: "completion",
  summary: "Prints a script that makes a shell complete commands, flags and names.",
  input: z.object({
    shell: operandOf(shells, { name: "shell", description: "bash, zsh or fish.", completes: shells }),
  }),
  examples: ["source <(pilotfish completion bash)", "pilotfish completion fish | source"],
  async run({ shell }, context) {
    return { text: completionScripts[shell ?? shellOfUser(context)].trimEnd() };
  },
});

function shellOfUser({ host }: Context): Shell {
  const name = basename(host.env["SHELL"] ?? "");
  const shell = shells.find((each) => each === name);
  if (shell !== undefined) return shell;
  throw new UserError("usage/missing-input", `which shell? One of ${shells.join(", ")}`, {
    hint: "pilotfish completion bash",
  });
}
