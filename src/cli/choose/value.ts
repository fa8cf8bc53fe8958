import { UserError } from "../../errors.ts";
import { shellLine } from "../command-line.ts";
import type { Context } from "../context.ts";
import { operand, operandOf } from "../flags.ts";

export const valueKinds = ["secret", "parameter", "export"] as const;
export type ValueKind = (typeof valueKinds)[number];

/** The words behind `local put` and `local delete`. */
export const valueOperands = {
  kind: operandOf(valueKinds, {
    name: "kind",
    description: "secret (Secrets Manager), parameter (Systems Manager) or export (CloudFormation).",
  }),
  name: operand({ name: "name", description: "Its name, as a manifest has it." }),
};

/** What was not given is asked for. @throws UserError usage/missing-input */
export async function chooseValue(
  { kind, name }: { kind?: ValueKind; name?: string },
  context: Context,
): Promise<{ kind: ValueKind; name: string }> {
  if ((kind === undefined || name === undefined) && !context.interactive) {
    const missing = kind === undefined ? `[kind] is needed: ${valueKinds.join(", ")}` : "[name] is needed";
    const words = context.commandLine.slice(0, 2);
    throw new UserError("usage/missing-input", missing, {
      hint: shellLine([...words, kind ?? "secret", name ?? "NAME"]),
    });
  }
  const chosen =
    kind ??
    (await (
      await context.prompts()
    ).select({ message: "Of which kind?", choices: valueKinds.map((each) => ({ name: each, value: each })) }));
  return { kind: chosen, name: name ?? (await (await context.prompts()).input({ message: "What is its name?" })) };
}
