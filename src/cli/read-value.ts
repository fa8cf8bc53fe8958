import { UserError } from "../errors.ts";
import type { Context } from "./context.ts";

/** More than any value may have, in bytes. */
const largest = 2 ** 20;

/** A value that nobody is to see: from stdin where that is no terminal, else asked for without showing it. One line end
 *  at the end of stdin does not belong to it, so that `echo` and an editor's file do what is meant.
 *  @throws UserError usage/missing-input where nobody can be asked, value/invalid */
export async function readValue(question: string, hint: string, context: Context): Promise<string> {
  const { stdin } = context.host;
  if (!stdin.isTerminal) return withoutLineEnd(await readAll(context));
  if (!context.interactive)
    throw new UserError("usage/missing-input", "the value is read from stdin, which is a terminal with nobody to ask", {
      hint,
    });
  const prompts = await context.prompts();
  return prompts.password({ message: question });
}

async function readAll({ host }: Context): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of host.stdin.read(new AbortController().signal)) {
    pieces.push(piece);
    size += piece.length;
    if (size > largest) throw new UserError("value/invalid", "the value has more than 1 MiB");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.concat(pieces));
  } catch (error) {
    // The cause holds nothing of the value.
    throw new UserError("value/invalid", "the value is not UTF-8, which an environment variable has to be", {
      hint: "encode it, for instance with base64",
      cause: error,
    });
  }
}

function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, "");
}
