import { type ApplicationFacts, readApplicationFacts, readFacts, type StackFacts } from "../../actions/read-facts.ts";
import { UserError } from "../../errors.ts";
import { shellLine } from "../command-line.ts";
import type { Context } from "../context.ts";
import { text } from "../flags.ts";

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
  if (file !== undefined) return readFacts(file, context.host.cwd);
  throw withoutFacts("the account and the environment", context);
}

/** What is known of the application. @throws UserError usage/missing-input, facts/invalid */
export async function requireApplicationFacts(file: string | undefined, context: Context): Promise<ApplicationFacts> {
  if (file !== undefined) return readApplicationFacts(file, context.host.cwd);
  throw withoutFacts("the account and the application", context);
}

function withoutFacts(what: string, { commandLine }: Context): UserError {
  return new UserError("usage/missing-input", `--facts is needed: this version does not ask AWS for ${what}`, {
    hint: shellLine([...commandLine, "--facts", "facts.json"]),
  });
}
