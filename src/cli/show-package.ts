import { type PackagedStack, writeStack } from "../actions/packaged-stack.ts";
import type { ApplicationFacts, StackFacts } from "../actions/read-facts.ts";
import type { Diagnostic } from "../errors.ts";
import { annotateDiagnostics } from "./ci/annotate.ts";
import { type DiffInput, showDiff } from "./choose/diff.ts";
import type { Outcome } from "./command.ts";
import type { Context } from "./context.ts";
import { renderDiagnostics } from "./render/diagnostics.ts";
import { paint } from "./render/paint.ts";

export interface Package {
  stacks: readonly PackagedStack[];
  facts: StackFacts | ApplicationFacts;
  diagnostics: readonly Diagnostic[];
}

/** What was packaged: as a difference, as files in a folder, or as text. @throws UserError workspace/write-failed, as showDiff */
export async function showPackage(
  { stacks, facts, diagnostics }: Package,
  input: DiffInput & { outputDir?: string },
  context: Context,
  diff: boolean,
): Promise<Outcome> {
  const { host, color } = context;
  if (diagnostics.length > 0) context.say(renderDiagnostics(diagnostics, paint(color.stderr)));
  annotateDiagnostics(diagnostics, context);
  if (diff) return showDiff(stacks, facts, input, context);
  if (input.outputDir === undefined) return { text: stacks.map(({ text }) => text.trimEnd()).join("\n---\n") };
  for (const stack of stacks)
    for (const file of await writeStack(stack, input.outputDir, host.cwd)) context.say(`wrote ${file}`);
  return {};
}
