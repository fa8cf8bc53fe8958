import { confirm, input, password, select } from "@inquirer/prompts";
import ora from "ora";
import { UserError } from "../errors.ts";
import type { Prompts } from "./host.ts";

/** Questions and a spinner on a terminal. */
export function terminalPrompts(inputStream: NodeJS.ReadStream, output: NodeJS.WriteStream): Prompts {
  const ask = <Answer>(question: (context: Context) => Promise<Answer>, taken?: AbortSignal) =>
    answered(question, { input: inputStream, output }, taken);
  return {
    input: ({ message, default: preset, optional, problem }) =>
      ask((context) =>
        input({ message, default: preset, required: !optional, validate: (text) => problem?.(text) ?? true }, context),
      ),
    password: ({ message }) =>
      ask((context) => password({ message, validate: (text) => text !== "" || "an answer is needed" }, context)),
    select: ({ message, choices }) => ask((context) => select({ message, choices, loop: false }, context)),
    confirm: ({ message, default: preset, signal }) =>
      ask((context) => confirm({ message, default: preset }, context), signal),
    spinner: (text) => {
      // Ctrl-C is not ora's business: it goes to the program as always.
      const shown = ora({ text, stream: output, discardStdin: false }).start();
      return () => void shown.stop();
    },
  };
}

interface Streams {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
}

type Context = Streams & { signal: AbortSignal };

/** Ctrl-D, or a terminal that goes away, ends the reading of keys and leaves the question open: it counts as Ctrl-C. */
async function answered<Answer>(
  question: (context: Context) => Promise<Answer>,
  streams: Streams,
  taken?: AbortSignal,
): Promise<Answer> {
  const { input: keys } = streams;
  const left = new AbortController();
  const leave = () => left.abort();
  keys.once("pause", leave).once("end", leave);
  try {
    return await question({
      ...streams,
      signal: AbortSignal.any([left.signal, ...(taken === undefined ? [] : [taken])]),
    });
  } catch (error) {
    const isLeft = left.signal.aborted && taken?.aborted !== true && nameOf(error) === "AbortPromptError";
    if (!isLeft && nameOf(error) !== "ExitPromptError") throw error;
    throw new UserError("interrupted", "interrupted", { exitCode: 130, cause: error });
  } finally {
    keys.off("pause", leave).off("end", leave);
  }
}

function nameOf(error: unknown): string | undefined {
  return error instanceof Error ? error.name : undefined;
}
