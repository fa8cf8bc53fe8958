import { UserError } from "../errors.ts";
import { shellLine } from "./command-line.ts";
import type { Context } from "./context.ts";

/** Whether to do what cannot be undone. @throws UserError usage/missing-input where nobody can be asked */
export async function confirmOrRefuse(question: string, yes: boolean, context: Context): Promise<boolean> {
  if (yes) return true;
  if (!context.interactive)
    throw new UserError("usage/missing-input", "this cannot be undone, and there is nobody to ask: --yes is needed", {
      hint: shellLine([...context.commandLine, "--yes"]),
    });
  const prompts = await context.prompts();
  return prompts.confirm({ message: question, default: false });
}
