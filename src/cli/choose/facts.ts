import {
  type ApplicationFacts,
  readApplicationFacts,
  readFacts,
  type StackFacts,
  type Tell,
} from "../../actions/read-facts.ts";
import { UserError } from "../../errors.ts";
import { shellLine } from "../command-line.ts";
import type { Context } from "../context.ts";
import { text } from "../flags.ts";
import { renderDiagnostics } from "../render/diagnostics.ts";
import { paint } from "../render/paint.ts";

/** The flags of commands that print a template. */
export const packageFlags = {
  facts: text({
    name: "facts",
    value: "FILE",
    description: "What is known of the account and the environment.",
    completes: "file",
  }),
  outputDir: text({
    name: "output-dir",
    value: "DIR",
    description: "Write the template and its parameters into this folder.",
    completes: "file",
  }),
};

/** What is known of the account and the environment. @throws UserError usage/missing-input, facts/invalid */
export async function requireFacts(file: string | undefined, context: Context): Promise<StackFacts> {
  if (file !== undefined) return readFacts(file, context.host.cwd, telling(context));
  throw withoutFacts("the account and the environment", context);
}

/** What is known of the application. @throws UserError usage/missing-input, facts/invalid */
export async function requireApplicationFacts(file: string | undefined, context: Context): Promise<ApplicationFacts> {
  if (file !== undefined) return readApplicationFacts(file, context.host.cwd, telling(context));
  throw withoutFacts("the account and the application", context);
}

function telling({ say, color }: Context): Tell {
  return (warnings) => say(renderDiagnostics(warnings, paint(color.stderr)));
}

function withoutFacts(what: string, { commandLine }: Context): UserError {
  return new UserError("usage/missing-input", `--facts is needed: this version does not ask AWS for ${what}`, {
    hint: `docs/facts.md says what the file holds, and where to find it:\n${shellLine([...commandLine, "--facts", "facts.json"])}`,
  });
}
