import { UserError } from "../../errors.ts";
import { shellLine, withFlag } from "../command-line.ts";
import type { Context } from "../context.ts";

export interface MissingFlag {
  flag: [long: string, short: string];
  /** What can be given, as the message says it. */
  choice: string;
  /** What stands in the example. */
  example: string;
}

/** Flags that nobody can be asked for; the hint is the command with all of them. */
export class MissingInput extends UserError {
  readonly flags: readonly MissingFlag[];

  constructor(flags: readonly MissingFlag[], context: Context) {
    const whole = flags.reduce((line, { flag, example }) => withFlag(line, flag, example), [...context.commandLine]);
    const needed = flags.map(({ flag, choice }) => `${flag[0]} is needed: ${choice}`);
    super("usage/missing-input", needed.join("; "), { hint: shellLine(whole) });
    this.flags = flags;
  }
}

/** Both answers, the first one first, or one error with all that is missing. */
export async function chooseBoth<A, B>(
  first: () => Promise<A>,
  second: () => Promise<B>,
  context: Context,
): Promise<[A, B]> {
  const a = await first().catch(onlyMissing);
  const b = await second().catch((error: unknown) => {
    if (a instanceof MissingInput && error instanceof MissingInput)
      throw new MissingInput([...error.flags, ...a.flags], context);
    throw error;
  });
  if (a instanceof MissingInput) throw a;
  return [a, b];
}

function onlyMissing(error: unknown): MissingInput {
  if (error instanceof MissingInput) return error;
  throw error;
}
