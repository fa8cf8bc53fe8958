import type { OverrideChoice } from "../../actions/override-template.ts";
import { shellLine } from "../command-line.ts";
import type { Context } from "../context.ts";
import { toggle } from "../flags.ts";

/** The flags of commands that print a template which users may change. */
export const overrideFlags = {
  ignoreOverrides: toggle({
    name: "ignore-overrides",
    description: "Leave out what the folder overrides/ changes in the template.",
  }),
};

/** What a command says of the user's overrides, and how it would leave them out. */
export function overrideChoice(ignoreOverrides: boolean | undefined, { commandLine }: Context): OverrideChoice {
  return {
    ...(ignoreOverrides !== undefined && { ignoreOverrides }),
    withoutOverrides: shellLine([...commandLine, "--ignore-overrides"]),
  };
}
