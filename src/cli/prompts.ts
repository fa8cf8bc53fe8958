import { confirm, input, password, select } from "@inquirer/prompts";
import ora from "ora";
import { UserError } from "../errors.ts";
import type { Prompts } from "./host.ts";

/** Questions and a spinner on a terminal. */
export function terminalPrompts(inputStream: NodeJS.ReadStream, output: NodeJS.WriteStream): Prompts {
  const streams = { input: inputStream, output };
  return {
    input: ({ message, default: preset, optional, problem }) =>
      answered(
        input({ message, default: preset, required: !optional, validate: (text) => problem?.(text) ?? true }, streams),
      ),
    password: ({ message }) =>
      answered(password({ message, validate: (text) => text !== "" || "an answer is needed" }, streams)),
    select: ({ message, choices }) => answered(select({ message, choices, loop: false }, streams)),
    confirm: ({ message, default: preset, signal }) =>
      answered(confirm({ message, default: preset }, { ...streams, signal })),
    spinner: (text) => {
      // Ctrl-C is not ora's business: it goes to the program as always.
      const shown = ora({ text, stream: output, discardStdin: false }).start();
      return () => void shown.stop();
    },
  };
}

async function answered<Answer>(question: Promise<Answer>): Promise<Answer> {
  try {
    return await question;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ExitPromptError") throw error;
    throw new UserError("interrupted", "interrupted", { exitCode: 130, cause: error });
  }
}
